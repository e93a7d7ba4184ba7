import HeirloomLayers

extension Pretrained {
    /// The model that finds faces, as the manifest names it; nil where the manifest has none.
    public var faceModel: Model? { models.first { $0.task == "faces" } }

    /// The network that finds faces.
    /// - Parameter report: Is told what is about to happen where that takes a while, in sentences.
    /// - Returns: The network in float32 on the CPU, in inference mode, frozen; nil where it was not fetched.
    /// - Throws: ``CheckpointError`` or `TensorFileError` where its file is damaged.
    public func faceNetwork(report: (String) -> Void = { _ in }) throws -> MTCNN? {
        guard let model = faceModel, !model.files.contains(where: { status(of: $0) == .missing }) else { return nil }
        guard let network = try network(of: model, report: report) as? MTCNN else {
            throw CheckpointError(.unsupported, reason: "\(model.name) is not a network that finds faces")
        }
        network.train(false)
        network.freeze()
        return network
    }
}
