import Foundation
import HeirloomLayers
import HeirloomTensors

extension ParityKit {
    /// The first value and the sum of every tensor that the 32-bit formulas make for a network.
    func noiseTable(_ file: String) throws -> ParityResult {
        let name = String(file.dropLast(4))
        guard let data = FileManager.default.contents(atPath: path(file)) else {
            throw CheckpointError(.unreadable, path: path(file), reason: "cannot be read")
        }
        let noise = KeyedNoise32(seed: "deoldify-parity-1")
        var meter = ParityMeter()
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 4, let first = Double(fields[2]), let sum = Double(fields[3]) else {
                throw CheckpointError(.corrupt, path: path(file), reason: "has a line without four fields: \(line)")
            }
            let shape = fields[1].split(separator: "x").compactMap { Int($0) }
            guard let value = noise.value(String(fields[0]), shape: shape) else {
                meter.compare([], [first])
                continue
            }
            let count = shape.reduce(1, *)
            meter.compare([Double(Float(value(0)))], [first])
            var total = 0.0
            for index in 0..<count { total += Double(Float(value(index))) }
            // The sum of many numbers around 0 is small beside them: their count's root is its natural scale.
            meter.compare([total], [sum], range: max(abs(sum), abs(first) * Double(count).squareRoot()))
        }
        return ParityResult(name: name, largestError: meter.largest, note: "the formulas, \(meter.compared) numbers")
    }

    /// A checkpoint in PyTorch's old stream form: every tensor, exactly.
    func sampleCheckpoint(_ name: String, _ json: JSONValue) throws -> ParityResult {
        guard let file = json["file"]?.text, !file.contains("/"), let seed = json["seed"]?.text,
            let entries = json["tensors"]?.list
        else { throw CheckpointError(.corrupt, path: path(name + ".json"), reason: "states no file, seed or tensors") }
        // Kits are copied under longer names: the description's own name with the file's ending is the other candidate.
        let candidates = [file, "\(name).pth"].map(path)
        guard let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw CheckpointError(.unreadable, path: path(file), reason: "is missing from the kit")
        }
        let checkpoint = try Checkpoint(path: found)
        let noise = KeyedNoise32(seed: seed)
        var meter = ParityMeter()
        meter.compare([Double(checkpoint.tensors.count)], [Double(entries.count)])
        for (entry, stored) in zip(entries, checkpoint.tensors) {
            guard entry["key"]?.text == stored.name, entry["dtype"]?.text == stored.tensor.dtype.description,
                let shape = entry["shape"]?.list.map({ $0.compactMap(\.integer) }), shape == stored.tensor.shape,
                let expected = noise.tensor("checkpoint.\(stored.name)", shape: shape)
            else {
                meter.compare([], [0])
                continue
            }
            meter.compare(
                stored.tensor.to(dtype: .float64).scalars(), expected.to(dtype: .float64).scalars())
        }
        return ParityResult(name: name, largestError: meter.largest, note: "\(entries.count) tensors")
    }

    /// The small cases of the colouriser's kit: of its layers the spectral normalisation exists.
    func miscellany(_ name: String, _ json: JSONValue) -> [ParityResult] {
        (json.table ?? [:]).keys.sorted().filter { $0 != "seed" }.map { key in
            guard key == "spectral_norm", let seed = json["seed"]?.text, let expected = json[key] else {
                return .notCovered("\(name)/\(key)", "not a network of this version")
            }
            return spectral("\(name)/\(key)", expected, KeyedNoise32(seed: seed))
        }
    }

    private func spectral(_ name: String, _ expected: JSONValue, _ noise: KeyedNoise32) -> ParityResult {
        let layer = SpectralConv2d(inputChannels: 3, outputChannels: 4, kernel: 3, bias: false, using: nil)
        func unit(_ key: String, _ count: Int) -> Tensor {
            let vector = noise.plain(key, shape: [count])
            return vector / vector.norm()
        }
        layer.weight.copy(from: noise.plain("misc.sn.weight_orig", shape: [4, 3, 3, 3]))
        layer.left.copy(from: unit("misc.sn.weight_u", 4))
        layer.right.copy(from: unit("misc.sn.weight_v", 27))
        let x = noise.plain("misc.sn.input", shape: [1, 3, 5, 5])
        var meter = ParityMeter()
        func compare(_ output: Tensor, _ key: String) {
            let values: [Double] = output.to(dtype: .float64).scalars()
            guard let entry = expected[key], let first = entry["first8"]?.numbers, let last = entry["last4"]?.numbers,
                let low = entry["min"]?.number, let high = entry["max"]?.number
            else { return meter.compare([], [0]) }
            meter.compare(Array(values.prefix(first.count)), first, range: high - low)
            meter.compare(Array(values.suffix(last.count)), last, range: high - low)
            meter.compare([values.min() ?? 0, values.max() ?? 0], [low, high])
        }
        compare(layer(x), "eval_before")
        compare(layer.withTraining(true) { layer(x) }, "train_step")
        compare(layer(x), "eval_after")
        meter.compare(layer.left.to(dtype: .float64).scalars(), expected["u_after"]?.numbers ?? [])
        meter.compare(layer.right.to(dtype: .float64).scalars(), expected["v_after"]?.numbers ?? [])
        let sigma = (layer.left * layer.weight.flattened(from: 1).matmul(layer.right)).sum().item()
        meter.compare([sigma], expected["sigma_after"]?.numbers ?? [])
        return ParityResult(name: name, largestError: meter.largest, note: "\(meter.compared) numbers")
    }
}
