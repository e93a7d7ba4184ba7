extension RRDBNet {
    /// The three namings in which these weights were published.
    static let families: [WeightFamily] = [
        (publishedKeys, "body.0.rdb1.conv1.weight"), (trunkKeys, "RRDB_trunk.0.RDB1.conv1.weight"),
        (sequenceKeys, "model.1.sub.0.RDB1.conv1.0.weight"),
    ].map { keys, marker in
        WeightFamily(
            architecture: "rrdbnet", keys: keys, markers: [marker],
            configuration: { shapes throws(CheckpointError) in try sizes(shapes).json() })
    }

    /// The sizes that the weights make.
    private static func sizes(_ shapes: WeightFamily.Shapes) throws(CheckpointError) -> RRDBNetConfiguration {
        let first = try shapes.shape("first.weight", rank: 4)
        let dense = try shapes.shape("body.0.dense1.conv1.weight", rank: 4)
        guard let scale = [3: 4, 12: 2, 48: 1][first[1]] else {
            throw CheckpointError(
                .keys,
                reason:
                    "its first convolution takes \(first[1]) channels; pictures of 3 channels make 3 (×4), 12 (×2) or "
                    + "48 (×1)")
        }
        let sizes = RRDBNetConfiguration(
            unchecked: (scale, shapes.count("body.{0}.{*}"), features: first[0], growth: dense[0]))
        if let fault = sizes.fault { throw CheckpointError(.keys, reason: fault) }
        return sizes
    }
}
