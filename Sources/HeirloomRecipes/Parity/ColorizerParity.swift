public import HeirloomModels

/// The cases of the colouriser's parity kit that are about training: losses, schedules, optimizer, augmentation, and whole
/// stages of DeOldify's training.
public enum ColorizerParity {
    /// What runs each description; for ``HeirloomModels/ParityKit/run(weights:runners:describers:cases:)``.
    public static var describers: [ParityDescription.Runner] {
        [miscellany, featureLoss, augmentation, training, game]
    }

    /// VGG16-BN with weights made by formulas.
    static func vgg(_ noise: KeyedNoise32) throws -> VGG16BN {
        let network = VGG16BN(using: nil)
        try ParityNetworks.fill(network, VGG16BN.publishedKeys, noise)
        return network
    }

    static func result(
        _ description: ParityDescription, _ part: String? = nil, _ meter: ParityMeter, limit: Double,
        note: String? = nil
    ) -> ParityResult {
        ParityResult(
            name: description.name + (part.map { "/" + $0 } ?? ""), largestError: meter.largest,
            note: note ?? "\(meter.compared) numbers", limit: limit)
    }
}
