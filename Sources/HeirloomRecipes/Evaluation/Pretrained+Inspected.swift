import HeirloomLayers
public import HeirloomModels

extension Pretrained {
    /// A network that colours or enlarges, by name or by the path of a file.
    ///
    /// - Parameter nameOrPath: a name of the manifest or of an imported model, or a path of any file of weights that is
    ///   read here.
    /// - Returns: The network in float32 on the CPU, in inference mode.
    /// - Throws: `CheckpointError`, `TensorFileError` or `ModuleError` that says what is wrong with the file.
    public func restorationNetwork(_ nameOrPath: String) throws -> any BuildableModel {
        if let entry = models.first(where: { $0.name == nameOrPath }) {
            return entry.task == "colorize" ? try colorNetwork(nameOrPath) : try upscaler(nameOrPath)
        }
        return try ForeignWeights.load(try modelPath(nameOrPath, task: "colorize"))
    }
}
