import HeirloomDatasets
public import HeirloomModels

extension ColorTraining {
    /// Prepares a run on a packed store with the published ImageNet weights of this machine.
    /// - Parameters:
    ///   - store: Path of a packed store.
    ///   - validation: Part of the pictures set aside to judge by, 0..<1.
    ///   - pretrained: Where EfficientNet-Lite0 and -Lite1 are; they must have been fetched.
    /// - Throws: `DatasetError` or `CheckpointError` that names the file that cannot be used.
    public convenience init(_ options: Options, store: String, validation: Double, pretrained: Pretrained) throws {
        self.init(
            options, data: try PackedStore(contentsOf: store).split(validation: validation, seed: options.seed),
            encoder: try pretrained.efficientNetLite(0), classifier: try pretrained.efficientNetLite(1))
    }

    /// The models that ``init(_:store:validation:pretrained:)`` needs.
    public static let neededModels = ["efficientnet-lite0", "efficientnet-lite1"]
}

extension ColorTraining.Options {
    /// Options for a place read from a command line.
    public init(length: ColorTraining.Length, output: String, place: TrainingPlace, seed: UInt64) {
        self.init(length: length, output: output, device: place.device, precision: place.precision, seed: seed)
    }
}
