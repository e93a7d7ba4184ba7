import HeirloomLayers
import HeirloomTensors

extension Pretrained {
    /// A network that colours, by name or by the path of a file.
    /// - Parameter nameOrPath: A name of the manifest or of an imported model, or a path (with a slash or an extension) of
    ///   a model file or of any file that ``ForeignWeights`` reads; nil takes the first model for the task `colorize`.
    /// - Returns: The network in float32 on the CPU, in inference mode.
    /// - Throws: ``CheckpointError``, `TensorFileError` or `ModuleError` that says what is wrong with the file.
    public func colorNetwork(_ nameOrPath: String? = nil) throws -> any ColorNetwork {
        guard let name = nameOrPath else { return try colorUNet() }
        if !Self.isPath(name), importedPath(name) == nil {
            let entry = try model(named: name)
            // Says of a file that is not here how it is fetched, and of a damaged one that it is.
            if let file = entry.files.first, status(of: file) != .present { try verify(entry) }
        }
        let model = try ForeignWeights.load(try modelPath(name, task: "colorize"))
        guard let network = model as? any ColorNetwork else {
            throw CheckpointError(
                .unsupported,
                reason:
                    "\(name) is a \(model.architecture) for \"\(model.description.task)\", not a network that colours "
                    + "pictures")
        }
        return network
    }
}
