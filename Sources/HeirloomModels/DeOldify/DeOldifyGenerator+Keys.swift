extension DeOldifyGenerator {
    /// The names in DeOldify's files and ours, for this network's build.
    public var publishedKeys: KeyTable {
        Self.publishedKeys(bottleneck: configuration.bottleneck, convolutions: configuration.convolutions)
    }

    /// The names in DeOldify's files and ours.
    /// - Parameters:
    ///   - bottleneck: Whether the encoder's blocks are bottlenecks.
    ///   - convolutions: In each decoder block.
    static func publishedKeys(bottleneck: Bool, convolutions: Int) -> KeyTable {
        typealias Rule = KeyTable.Rule
        var rules: [Rule] = [
            .init("layers.0.0.{*}", "encoder.stem.conv.{*}"), .init("layers.0.1.{*}", "encoder.stem.norm.{*}"),
        ]
        for stage in 0..<4 {
            let (foreign, own) = ("layers.0.\(stage + 4).{0}", "encoder.stages.\(stage).blocks.{0}")
            rules.append(.init("\(foreign).conv{1}.{*}", "\(own).conv{1}.conv.{*}"))
            rules.append(.init("\(foreign).bn{1}.{*}", "\(own).conv{1}.norm.{*}"))
            guard stage > 0 || bottleneck else { continue }
            rules.append(.init("\(foreign).downsample.0.{*}", "\(own).shortcut.conv.{*}"))
            rules.append(.init("\(foreign).downsample.1.{*}", "\(own).shortcut.norm.{*}"))
        }
        rules += [
            .init("layers.1.{*}", "norm.{*}"),
            .init("layers.3.{0}.0.{*}", "middle.{0}.conv.{*}"), .init("layers.3.{0}.2.{*}", "middle.{0}.norm.{*}"),
        ]
        for block in 0..<4 {
            let (foreign, own) = ("layers.\(block + 4)", "blocks.\(block)")
            rules.append(.init("\(foreign).shuf.conv.0.{*}", "\(own).shuffle.conv.{*}"))
            rules.append(.init("\(foreign).shuf.conv.1.{*}", "\(own).shuffle.norm.{*}"))
            rules.append(.init("\(foreign).bn.{*}", "\(own).skipNorm.{*}"))
            // "conv" alone, or "conv1" and "conv2".
            let names = convolutions == 1 ? ["conv"] : (1...convolutions).map { "conv\($0)" }
            for (index, name) in names.enumerated() {
                rules.append(.init("\(foreign).\(name).0.{*}", "\(own).units.\(index).conv.{*}"))
                rules.append(.init("\(foreign).\(name).2.{*}", "\(own).units.\(index).norm.{*}"))
            }
            if block == 1, let last = names.last {
                rules.append(.init("\(foreign).\(last).3.{*}", "\(own).attention.{*}"))
            }
        }
        rules += [
            .init("layers.8.conv.0.{*}", "upsample.conv.{*}"), .init("layers.10.layers.{0}.0.{*}", "residual.{0}.{*}"),
            .init("layers.11.0.{*}", "head.{*}"),
        ]
        return KeyTable(family: "DeOldify (\(convolutions == 1 ? "stable, video" : "artistic"))", rules: rules)
    }

    /// How the files are recognised and what their shapes mean: artistic (deep), then stable and video (wide).
    static let families: [WeightFamily] = [(false, 2), (true, 1)].map { bottleneck, convolutions in
        WeightFamily(
            architecture: "deoldify",
            keys: publishedKeys(bottleneck: bottleneck, convolutions: convolutions),
            markers: ["layers.0.0.weight", "layers.4.conv\(convolutions == 1 ? "" : "1").0.weight_orig"],
            configuration: { shapes throws(CheckpointError) in
                let sizes = DeOldifyConfiguration(
                    unchecked: try shapes.shape("encoder.stem.conv.weight", rank: 4)[0],
                    (0..<4).map { shapes.count("encoder.stages.\($0).blocks.{0}.{*}") }, bottleneck, convolutions,
                    try blocks(shapes) { "blocks.\($0).shuffle.conv.weight_orig" }.map { $0 / 4 },
                    try blocks(shapes) { "blocks.\($0).units.\(convolutions - 1).conv.weight_orig" })
                if let fault = sizes.fault { throw CheckpointError(.keys, reason: fault) }
                return sizes.json()
            })
    }

    private static func blocks(
        _ shapes: WeightFamily.Shapes, _ name: (Int) -> String
    ) throws(CheckpointError) -> [Int] {
        var result: [Int] = []
        for block in 0..<4 { result.append(try shapes.shape(name(block), rank: 4)[0]) }
        return result
    }
}
