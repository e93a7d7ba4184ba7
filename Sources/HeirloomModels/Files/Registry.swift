/// Every network that there is.
public enum Registry {
    /// The networks by name.
    public static let architectures: [Architecture] =
        [
            Architecture("color-unet", ColorUNet.self, standard: .init()),
            Architecture(
                "rrdbnet", RRDBNet.self, standard: .init(), publishedKeys: RRDBNet.publishedKeys,
                elements: \.parameterCount),
            Architecture(
                "srvgg-compact", SRVGGNetCompact.self, standard: .init(),
                publishedKeys: SRVGGNetCompact.publishedKeys, elements: \.parameterCount),
            Architecture(
                "unet-discriminator-sn", UNetDiscriminatorSN.self, standard: .init(),
                publishedKeys: UNetDiscriminatorSN.publishedKeys, elements: \.parameterCount),
            Architecture(
                "vgg16-bn", VGG16BN.self, standard: .init(), publishedKeys: VGG16BN.publishedKeys,
                elements: \.elementCount),
            Architecture(
                "deoldify", DeOldifyGenerator.self, standard: .artistic,
                publishedKeys: DeOldifyGenerator.publishedKeys(bottleneck: false, convolutions: 2),
                elements: \.elementCount),
            Architecture(
                "deoldify-critic", DeOldifyCritic.self, standard: .init(),
                publishedKeys: DeOldifyCritic.publishedKeys, elements: \.elementCount),
            Architecture(
                "deepfilternet3", DeepFilterNet3.self, standard: .init(), publishedKeys: DeepFilterNet3.publishedKeys,
                elements: \.parameterCount),
            Architecture("mtcnn", MTCNN.self, standard: .init(), publishedKeys: MTCNN.publishedKeys),
            Architecture("spectral-unet", SpectralUNet.self, standard: .small),
            Architecture("spectral-critic", SpectralCritic.self, standard: .init()),
        ]
        + (0...4).map {
            Architecture(
                "efficientnet-lite\($0)", EfficientNetLite.self, standard: .init(variant: $0),
                publishedKeys: EfficientNetLite.publishedKeys)
        }

    /// The network of a name.
    /// - Throws: ``CheckpointError`` listing the names there are.
    public static func architecture(named name: String) throws(CheckpointError) -> Architecture {
        guard let found = architectures.first(where: { $0.name == name }) else {
            let names = architectures.map(\.name).joined(separator: ", ")
            throw CheckpointError(
                .unknown,
                reason: "there is no network named \"\(name)\"; this version knows \(names). A newer one may know it")
        }
        return found
    }
}
