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
