import Foundation
import HeirloomLayers
import HeirloomTensors

/// A small valid model, and the ways in which a file of it is damaged.
struct FuzzSeed {
    /// The form of the file.
    enum Form: CaseIterable {
        case zip
        case stream
        case ncnn
        case onnx
        case safetensors
        case modelFile
    }

    let form: Form
    /// Its published names.
    private let state: [(name: String, tensor: Tensor)]
    private let wrapper: String?
    private let isHalf: Bool
    private let param: String
    private let model: any BuildableModel

    /// Every form of two small networks, and an archive of a third.
    static func all() -> [FuzzSeed] {
        let random = Generator(seed: 1)
        let compact = SRVGGNetCompact(.init(upscale: 2, convolutions: 2, features: 4), using: random)
        let rrdb = RRDBNet(.init(blocks: 1, features: 4, growth: 4), using: random)
        let params = [
            NCNNFileWriter.compact(features: 4, convolutions: 2, upscale: 2, outputScale: 1),
            NCNNFileWriter.rrdb(features: 4, growth: 4, blocks: 1),
        ]
        let filter = DeepFilterNet3(.init(channels: 4, hidden: 16), using: random)
        let archives = [FuzzSeed(.onnx, filter, DeepFilterNet3.publishedKeys, nil, false, "")]
        return archives
            + Form.allCases.filter { $0 != .onnx }.flatMap { form in
                [
                    FuzzSeed(form, compact, SRVGGNetCompact.publishedKeys, "params", true, params[0]),
                    FuzzSeed(form, rrdb, RRDBNet.publishedKeys, form == .stream ? nil : "params_ema", false, params[1]),
                ]
            }
    }

    private init(
        _ form: Form, _ model: any BuildableModel, _ keys: KeyTable, _ wrapper: String?, _ isHalf: Bool, _ param: String
    ) {
        self.form = form
        self.wrapper = wrapper
        self.isHalf = isHalf
        self.param = param
        self.model = model
        state = model.state().map { name, tensor in
            let stored = isHalf && tensor.rank >= 2 ? tensor.detached().to(dtype: .float16) : tensor.detached()
            return (keys.foreign(name) ?? name, stored.contiguous())
        }
    }

    /// Writes the valid file into a folder.
    /// - Returns: The path to load.
    func write(to folder: String) throws -> String {
        switch form {
        case .zip: return try put(TorchFileWriter.zip(pickle(isStream: false), state), "x.pth", folder)
        case .stream: return try put(TorchFileWriter.stream(pickle(isStream: true), state), "x.pth", folder)
        case .ncnn:
            _ = try put(NCNNFileWriter.weights(state.map(\.tensor), half: isHalf), "x.bin", folder)
            return try put(Array(param.utf8), "x.param", folder)
        case .onnx: return try put(ONNXFileWriter.gzip(ONNXFileWriter.archive(state)), "x.tar.gz", folder)
        case .safetensors:
            try Safetensors.write(state, to: folder + "/x.safetensors")
            return folder + "/x.safetensors"
        case .modelFile:
            try ModelFile.write(model, to: folder + "/x.safetensors", dtype: .float32, task: "upscale", licence: "none")
            return folder + "/x.safetensors"
        }
    }

    /// Writes a damaged file into a folder.
    /// - Returns: The path to load.
    func writeDamaged(to folder: String, using random: inout FuzzGenerator) throws -> String {
        // Half of the time the damage lies where checksums and lengths do not catch it at once.
        let isDeep = random.below(2) == 0
        switch form {
        case .zip, .stream:
            let isStream = form == .stream
            var pickle = pickle(isStream: isStream)
            if isDeep { damage(&pickle, using: &random) }
            var bytes = isStream ? TorchFileWriter.stream(pickle, state) : TorchFileWriter.zip(pickle, state)
            if !isDeep { damage(&bytes, using: &random) }
            return try put(bytes, "x.pth", folder)
        case .ncnn:
            var text = Array(param.utf8)
            var weights = NCNNFileWriter.weights(state.map(\.tensor), half: isHalf)
            if isDeep {
                for _ in 0...random.below(3) { text.damageNumber(using: &random) }
            } else if random.below(2) == 0 {
                damage(&text, using: &random)
            } else {
                damage(&weights, using: &random)
            }
            _ = try put(weights, "x.bin", folder)
            return try put(text, "x.param", folder)
        case .onnx:
            var archive = ONNXFileWriter.archive(state)
            if isDeep { damage(&archive, using: &random) }
            var bytes = ONNXFileWriter.gzip(archive)
            if !isDeep { damage(&bytes, using: &random) }
            return try put(bytes, "x.tar.gz", folder)
        case .safetensors, .modelFile:
            let path = try write(to: folder)
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            if isDeep {
                let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
                var header = Array(bytes[8..<8 + length])
                if random.below(2) == 0 { header.damageNumber(using: &random) } else { damage(&header, using: &random) }
                bytes = TorchFileWriter.little(header.count, 8) + header + bytes[(8 + length)...]
            } else {
                damage(&bytes, using: &random)
            }
            let damaged = try put(bytes, "x.safetensors", folder)
            // What the digest of a model file would stop is let through once in a while.
            if form == .modelFile, random.below(2) == 0 { try? ModelFile.stampDigest(of: damaged) }
            return damaged
        }
    }

    private func damage(_ bytes: inout [UInt8], using random: inout FuzzGenerator) {
        let original = bytes
        for _ in 0...random.below(3) { bytes.damage(with: original, using: &random) }
    }

    private func pickle(isStream: Bool) -> [UInt8] { TorchFileWriter.pickle(state, under: wrapper, isStream: isStream) }

    private func put(_ bytes: [UInt8], _ name: String, _ folder: String) throws -> String {
        let path = folder + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }
}
