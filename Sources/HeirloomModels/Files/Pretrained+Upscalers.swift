import Foundation
import HeirloomLayers
import HeirloomTensors

extension Pretrained {
    /// What photographs are enlarged with unless another model is named.
    public static let stillUpscaler = "realesrgan-x4plus"
    /// What films are enlarged with unless another model is named.
    public static let filmUpscaler = "realesr-animevideov3-x4"

    /// A network that enlarges pictures, by name or by the path of a file.
    /// - Parameters:
    ///   - nameOrPath: A name of the manifest or of an imported model, or a path (with a slash or an extension) of a model
    ///     file or of any file that ``ForeignWeights`` reads; nil takes ``stillUpscaler``.
    ///   - denoise: 0 (keeps noise) ... 1 (removes it), for the models that have such a pair; nil takes 0.5 there.
    ///   - report: Is told what is about to happen where that takes a while, in sentences.
    /// - Returns: The network in float32 on the CPU, in inference mode.
    /// - Throws: ``CheckpointError``, `TensorFileError` or `ModuleError` that says what is wrong with the file.
    public func upscaler(
        _ nameOrPath: String? = nil, denoise: Double? = nil, report: (String) -> Void = { _ in }
    ) throws -> any ImageRestorer {
        let name = nameOrPath ?? Self.stillUpscaler
        guard !Self.isPath(name), importedPath(name) == nil else {
            try refuse(denoise, for: name)
            return try Self.restorer(
                try ForeignWeights.load(Self.isPath(name) ? name : importedPath(name) ?? name), name)
        }
        let entry = try model(named: name)
        guard let companion = entry.denoiseWith else {
            try refuse(denoise, for: name)
            return try restorer(entry, report)
        }
        let strength = denoise ?? 0.5
        guard (0...1).contains(strength) else {
            throw CheckpointError(.unknown, reason: "a denoising strength of \(strength) is not in 0...1")
        }
        let network = try restorer(entry, report)
        guard strength < 1 else { return network }
        do {
            let keeping = try restorer(try model(named: companion), report)
            try network.blend(with: keeping, weight: 1 - strength)
        } catch let error as CheckpointError where error.code == .unreadable {
            throw CheckpointError(
                .unreadable, path: error.path,
                reason: error.reason + " (a denoising strength below 1 needs it, too)")
        }
        return network
    }

    private func refuse(_ denoise: Double?, for name: String) throws(CheckpointError) {
        guard denoise != nil else { return }
        let able = models.filter { $0.denoiseWith != nil }.map(\.name).joined(separator: ", ")
        throw CheckpointError(
            .unsupported, reason: "\(name) has no denoising strength; --denoise is for \(able.isEmpty ? "none" : able)")
    }

    private func restorer(_ entry: Model, _ report: (String) -> Void) throws -> any ImageRestorer {
        try Self.restorer(try network(of: entry, report: report), entry.name)
    }

    /// The network of an entry: from its file, or from what that is made of.
    func network(of entry: Model, report: (String) -> Void) throws -> any BuildableModel {
        guard let file = entry.files.first else {
            throw CheckpointError(.corrupt, path: folder, reason: "\(entry.name) has no files in the manifest")
        }
        switch status(of: file) {
        case .present: return try ForeignWeights.load(path(of: file))
        case .unconverted: return try convert(file, of: entry, report: report)
        case .missing, .damaged:
            try verify(entry)  // throws: says which file, and what to do
            throw CheckpointError(
                .unreadable, path: path(of: file), reason: "changed while it was looked at: try again")
        }
    }

    private static func restorer(_ model: any BuildableModel, _ name: String) throws(CheckpointError)
        -> any ImageRestorer
    {
        guard let restorer = model as? any ImageRestorer else {
            throw CheckpointError(
                .unsupported,
                reason:
                    "\(name) is a \(model.architecture) for \"\(model.description.task)\", not a network that enlarges "
                    + "pictures")
        }
        return restorer
    }
}

extension ImageRestorer {
    /// Moves every weight towards that of a network of the same build: own · (1 − weight) + other · weight.
    func blend(with other: any ImageRestorer, weight: Double) throws(CheckpointError) {
        let others = Dictionary(uniqueKeysWithValues: other.state().map { ($0.name, $0.tensor.detached()) })
        let own = state()
        guard own.count == others.count, own.allSatisfy({ others[$0.name]?.shape == $0.tensor.shape }) else {
            throw CheckpointError(.keys, reason: "two networks of different sizes cannot be blended")
        }
        withoutGradients {
            for (name, tensor) in own where tensor.dtype.isFloatingPoint {
                guard let target = others[name] else { continue }
                tensor.copy(from: tensor * (1 - weight) + target * weight)
            }
        }
    }
}
