extension EfficientNetLite {
    /// The names in the published PyTorch files and ours.
    public static let publishedKeys = KeyTable(
        family: "EfficientNet-Lite",
        rules: [
            .init("_conv_stem.{*}", "stem.conv.{*}"),
            .init("_bn0.{*}", "stem.norm.{*}"),
            .init("_blocks.{0}._expand_conv.{*}", "blocks.{0}.expand.conv.{*}"),
            .init("_blocks.{0}._bn0.{*}", "blocks.{0}.expand.norm.{*}"),
            .init("_blocks.{0}._depthwise_conv.{*}", "blocks.{0}.depthwise.conv.{*}"),
            .init("_blocks.{0}._bn1.{*}", "blocks.{0}.depthwise.norm.{*}"),
            .init("_blocks.{0}._project_conv.{*}", "blocks.{0}.project.conv.{*}"),
            .init("_blocks.{0}._bn2.{*}", "blocks.{0}.project.norm.{*}"),
            .init("_conv_head.{*}", "head.conv.{*}"),
            .init("_bn1.{*}", "head.norm.{*}"),
            .init("_fc.{*}", "classifier.{*}"),
        ])
}
