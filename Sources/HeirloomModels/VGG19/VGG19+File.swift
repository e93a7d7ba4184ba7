import HeirloomLayers
import HeirloomTensors

extension VGG19 {
    /// The network with the weights of a published file, frozen and in inference mode.
    ///
    /// The file's classifier (`classifier.*`) is left out; of the convolutions every tensor must be there and used.
    /// - Throws: ``CheckpointError`` or `ModuleError` listing every fault of the file.
    public convenience init(contentsOf path: String) throws {
        let checkpoint = try Checkpoint(path: path)
        var state: [String: Tensor] = [:]
        for stored in checkpoint.tensors where !stored.name.hasPrefix("classifier.") {
            state[stored.name] = stored.tensor
        }
        self.init(using: nil)
        try load(try Self.publishedKeys.renamed(state))
        train(false)
        freeze()
    }
}
