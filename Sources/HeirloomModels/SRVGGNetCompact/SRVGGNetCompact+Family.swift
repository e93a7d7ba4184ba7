extension SRVGGNetCompact {
    /// How the files are recognised and what their shapes mean.
    static let family = WeightFamily(
        architecture: "srvgg-compact", keys: publishedKeys, markers: ["body.0.weight", "body.1.weight"],
        configuration: { shapes throws(CheckpointError) in try sizes(shapes).json() })

    /// The sizes that the weights make.
    private static func sizes(_ shapes: WeightFamily.Shapes) throws(CheckpointError) -> SRVGGNetCompactConfiguration {
        let first = try shapes.shape("body.0.weight", rank: 4)
        _ = try shapes.shape("body.1.weight", rank: 1)
        let index = shapes.count("body.{0}.{*}") - 1
        let last = try shapes.shape("body.\(index).bias", rank: 1)
        let upscale = Int((Double(last[0]) / 3).squareRoot())
        guard 3 * upscale * upscale == last[0], index >= 4, index % 2 == 0 else {
            throw CheckpointError(
                .keys,
                reason:
                    "body.\(index) with \(last[0]) channels cannot be the last layer: it has an even number and 3·s² "
                    + "channels for an enlargement s")
        }
        let sizes = SRVGGNetCompactConfiguration(unchecked: (upscale, (index - 2) / 2, features: first[0]))
        if let fault = sizes.fault { throw CheckpointError(.keys, reason: fault) }
        return sizes
    }
}
