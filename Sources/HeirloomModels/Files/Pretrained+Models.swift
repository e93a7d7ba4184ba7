import HeirloomLayers
import HeirloomTensors

extension Pretrained {
    /// A colour network by name or by the path of a file.
    /// - Parameter nameOrPath: A name of the manifest, or a path (with a slash or an extension); nil takes the first
    ///   model for the task `colorize`.
    /// - Throws: ``CheckpointError``, `TensorFileError` or `ModuleError` that says what is wrong with the file.
    public func colorUNet(_ nameOrPath: String? = nil) throws -> ColorUNet {
        try ModelFile(path: try modelPath(nameOrPath, task: "colorize")).load(ColorUNet.self)
    }

    /// The path that a name or a path stands for.
    /// - Throws: ``CheckpointError`` for a name that is neither in the manifest nor of an imported model.
    public func modelPath(_ nameOrPath: String?, task: String) throws(CheckpointError) -> String {
        if let nameOrPath, Self.isPath(nameOrPath) { return nameOrPath }
        if let nameOrPath, let imported = importedPath(nameOrPath) { return imported }
        let model: Model
        if let nameOrPath {
            model = try self.model(named: nameOrPath)
        } else if let first = models.first(where: { $0.task == task }) {
            model = first
        } else {
            throw CheckpointError(.unknown, reason: "the manifest in \(folder) has no model for \"\(task)\"")
        }
        guard let file = model.files.first else {
            throw CheckpointError(.corrupt, path: folder, reason: "\(model.name) has no files in the manifest")
        }
        return path(of: file)
    }

    /// An ImageNet classifier, in inference mode, after comparing its file with the digest.
    /// - Parameter variant: 0, 1 or 2.
    /// - Throws: ``CheckpointError`` when it has not been fetched or is damaged.
    public func efficientNetLite(_ variant: Int) throws -> EfficientNetLite {
        let model = try self.model(named: "efficientnet-lite\(variant)")
        try verify(model)
        let network = EfficientNetLite(.init(variant: variant), using: nil)
        for file in model.files {
            let checkpoint = try Checkpoint(path: path(of: file))
            do {
                try network.load(try EfficientNetLite.publishedKeys.renamed(checkpoint.state))
            } catch var error as CheckpointError {
                error.path = checkpoint.path
                throw error
            }
        }
        return network
    }

    /// The network of DeOldify's feature loss, frozen, after comparing its file with the digest.
    /// - Throws: ``CheckpointError`` when it has not been fetched or is damaged.
    public func vgg16BN() throws -> VGG16BN {
        let model = try self.model(named: "vgg16-bn")
        try verify(model)
        guard let file = model.files.first else {
            throw CheckpointError(.corrupt, path: folder, reason: "vgg16-bn has no files in the manifest")
        }
        return try VGG16BN(contentsOf: path(of: file))
    }
}

extension ColorUNet {
    /// Starts the encoder from a classifier's weights.
    /// - Precondition: Both are of one variant.
    public func loadEncoder(from classifier: EfficientNetLite) {
        precondition(
            classifier.configuration.variant == configuration.encoder,
            "an encoder of variant \(configuration.encoder) cannot start from variant \(classifier.configuration.variant)"
        )
        encoder.copyState(of: classifier, ignoringMore: true)
    }
}
