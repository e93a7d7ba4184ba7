extension UNetDiscriminatorSN {
    /// The names in the files of Real-ESRGAN and ours.
    public static let publishedKeys = KeyTable(
        family: "UNetDiscriminatorSN",
        rules: [.init("conv0.{*}", "first.{*}")]
            + (0..<3).map { .init("conv\($0 + 1).{*}", "down.\($0).{*}") }
            + (0..<3).map { .init("conv\($0 + 4).{*}", "up.\($0).{*}") }
            + (0..<2).map { .init("conv\($0 + 7).{*}", "refine.\($0).{*}") }
            + [.init("conv9.{*}", "last.{*}")])

    /// How the files are recognised and what their shapes mean.
    static let family = WeightFamily(
        architecture: "unet-discriminator-sn", keys: publishedKeys, markers: ["conv0.weight", "conv1.weight_orig"],
        configuration: { shapes throws(CheckpointError) in
            let sizes = UNetDiscriminatorSNConfiguration(unchecked: try shapes.shape("first.weight", rank: 4)[0])
            if let fault = sizes.fault { throw CheckpointError(.keys, reason: fault) }
            return sizes.json()
        })
}
