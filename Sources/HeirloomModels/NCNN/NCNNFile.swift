import Foundation
import HeirloomTensors

/// A pair of ncnn files, `.param` with the layers and `.bin` with the weights, of one of the networks that are known here.
struct NCNNFile {
    /// The weights under the names that PyTorch's files of the same network have.
    let state: [String: Tensor]
    /// The size of what comes out, where the file resamples the network's own output.
    let outputScale: Int?

    /// The pair that one of its paths names, nil for files of another kind.
    /// - Throws: ``CheckpointError`` when its other half is missing.
    static func pair(of path: String) throws(CheckpointError) -> (param: String, bin: String)? {
        let stem = String(path.prefix(path.count - (path.split(separator: ".").last?.count ?? 0)))
        switch path.split(separator: ".").last {
        case "param"? where path.hasSuffix(".param"):
            guard FileManager.default.fileExists(atPath: stem + "bin") else {
                throw CheckpointError(
                    .unreadable, path: stem + "bin", reason: "is missing: it holds the weights of \(path)")
            }
        case "bin"? where path.hasSuffix(".bin"):
            // PyTorch files are sometimes called .bin, too.
            guard FileManager.default.fileExists(atPath: stem + "param") else {
                let start = FileManager.default.contents(atPath: path)?.prefix(2)
                guard start != Data([0x50, 0x4B]) else { return nil }
                throw CheckpointError(
                    .unreadable, path: stem + "param", reason: "is missing: it says what the weights in \(path) are for"
                )
            }
        default: return nil
        }
        return (stem + "param", stem + "bin")
    }

    /// Reads a pair.
    /// - Throws: ``CheckpointError`` or `TensorFileError` naming the file and the layer.
    init(param: String, bin: String) throws {
        let layers = try NCNNParam(path: param).layers
        var graph = NCNNGraph()
        let found: Int
        do throws(CheckpointError) {
            found = try graph.output(of: layers)
        } catch {
            throw CheckpointError(error.code, path: param, reason: error.reason)
        }
        let weights = try NCNNWeights(path: bin, of: layers).layers
        let count = weights.count
        guard count == graph.weighted, count >= 3 else {
            throw CheckpointError(
                .unknown, path: param,
                reason: "has \(count) layers with weights, which is no network that is known here")
        }
        let names: [String]
        if layers.contains(where: { $0.type == "PReLU" }) {
            let upscale = Int((Double(weights[count - 1].weight.shape[0]) / 3).squareRoot())
            guard let scale = Self.scale(of: found, convolutions: (count - 3) / 2, upscale: upscale, in: &graph) else {
                throw Self.notThisNetwork(param, SRVGGNetCompact.family)
            }
            outputScale = scale == upscale ? nil : scale
            names = (0..<count).map { "body.\($0)" }
        } else {
            let blocks = (count - 6) / 15
            guard count == 6 + 15 * blocks, blocks >= 1, graph.rrdb(blocks: blocks) == found else {
                throw Self.notThisNetwork(param, RRDBNet.families[0])
            }
            outputScale = nil
            names = Self.rrdbNames(blocks: blocks)
        }
        var state: [String: Tensor] = [:]
        for (name, layer) in zip(names, weights) {
            state["\(name).weight"] = layer.weight
            state["\(name).bias"] = layer.bias
        }
        self.state = state
    }

    private static func notThisNetwork(_ path: String, _ family: WeightFamily) -> CheckpointError {
        CheckpointError(
            .unknown, path: path,
            reason:
                "has the layers of a \(family.keys.family), but computes something else with them: it is damaged, or of "
                + "a network that is not known here")
    }

    /// The scale at which a compact network gives its output, nil where an expression is not such a network's.
    private static func scale(of found: Int, convolutions: Int, upscale: Int, in graph: inout NCNNGraph) -> Int? {
        guard upscale >= 1 else { return nil }
        let plain = graph.compact(convolutions: convolutions, upscale: upscale)
        if found == plain { return upscale }
        return (1..<upscale).first { graph.bicubic(plain, Double($0) / Double(upscale)) == found }
    }

    private static func rrdbNames(blocks: Int) -> [String] {
        let body = (0..<blocks).flatMap { block in
            (1...3).flatMap { dense in (1...5).map { "body.\(block).rdb\(dense).conv\($0)" } }
        }
        return ["conv_first"] + body + ["conv_body", "conv_up1", "conv_up2", "conv_hr", "conv_last"]
    }
}

extension NCNNGraph {
    /// The expression of a compact network.
    mutating func compact(convolutions: Int, upscale: Int) -> Int {
        weighted = 0
        let x = input()
        var y = x
        for _ in 0...convolutions { y = prelu(convolution(y)) }
        return sum(shuffled(convolution(y), upscale), nearest(x, Double(upscale)))
    }

    /// The expression of an RRDBNet that takes pictures as they are.
    mutating func rrdb(blocks: Int) -> Int {
        weighted = 0
        let (slope, residual) = (RRDBNet.slope, RRDBNet.residualScale)
        let first = convolution(input())
        var y = first
        for _ in 0..<blocks {
            let before = y
            for _ in 0..<3 {
                var seen = [y]
                for _ in 0..<4 { seen.append(leaky(convolution(joined(seen)), slope)) }
                y = sum(scaled(convolution(joined(seen)), residual), y)
            }
            y = sum(scaled(y, residual), before)
        }
        y = sum(first, convolution(y))
        for _ in 0..<2 { y = leaky(convolution(nearest(y, 2)), slope) }
        return convolution(leaky(convolution(y), slope))
    }
}
