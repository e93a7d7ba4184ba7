import HeirloomLayers
import HeirloomTensors

extension Pretrained {
    /// A network that cleans sound, by name or by the path of a file.
    /// - Parameters:
    ///   - nameOrPath: A name of the manifest or of an imported model, or a path (with a slash or an extension) of a model
    ///     file or of any file that ``ForeignWeights`` reads; nil takes the manifest's first model for the task `clean`.
    ///   - report: Is told what is about to happen where that takes a while, in sentences.
    /// - Returns: The network in float32 on the CPU, in inference mode, frozen.
    /// - Throws: ``CheckpointError``, `TensorFileError` or `ModuleError` that says what is wrong with the file.
    public func audioEnhancer(
        _ nameOrPath: String? = nil, report: (String) -> Void = { _ in }
    ) throws -> any AudioEnhancer {
        guard let name = nameOrPath ?? models.first(where: { $0.task == "clean" })?.name else {
            throw CheckpointError(.unknown, reason: "the manifest in \(folder) has no model that cleans sound")
        }
        let model: any BuildableModel
        if Self.isPath(name) || importedPath(name) != nil {
            model = try ForeignWeights.load(Self.isPath(name) ? name : importedPath(name) ?? name)
        } else {
            model = try network(of: try self.model(named: name), report: report)
        }
        guard let enhancer = model as? any AudioEnhancer else {
            throw CheckpointError(
                .unsupported,
                reason:
                    "\(name) is a \(model.architecture) for \"\(model.description.task)\", not a network that cleans sound"
            )
        }
        enhancer.train(false)
        enhancer.freeze()
        return enhancer
    }
}
