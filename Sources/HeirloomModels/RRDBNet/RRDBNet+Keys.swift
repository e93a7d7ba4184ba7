extension RRDBNet {
    /// The names in the files of Real-ESRGAN and BasicSR, and ours.
    public static let publishedKeys = KeyTable(
        family: "RRDBNet",
        rules: [
            .init("conv_first.{*}", "first.{*}"),
            .init("body.{0}.rdb{1}.conv{2}.{*}", "body.{0}.dense{1}.conv{2}.{*}"),
            .init("conv_body.{*}", "trunk.{*}"),
            .init("conv_up1.{*}", "upsample1.{*}"),
            .init("conv_up2.{*}", "upsample2.{*}"),
            .init("conv_hr.{*}", "refine.{*}"),
            .init("conv_last.{*}", "last.{*}"),
        ])

    /// The names in the files of ESRGAN's second release.
    public static let trunkKeys = KeyTable(
        family: "RRDBNet (ESRGAN's names)",
        rules: [
            .init("conv_first.{*}", "first.{*}"),
            .init("RRDB_trunk.{0}.RDB{1}.conv{2}.{*}", "body.{0}.dense{1}.conv{2}.{*}"),
            .init("trunk_conv.{*}", "trunk.{*}"),
            .init("upconv1.{*}", "upsample1.{*}"),
            .init("upconv2.{*}", "upsample2.{*}"),
            .init("HRconv.{*}", "refine.{*}"),
            .init("conv_last.{*}", "last.{*}"),
        ])

    /// The names in the files of ESRGAN's first release, by place in nested sequences.
    public static let sequenceKeys = KeyTable(
        family: "RRDBNet (ESRGAN's numbers)",
        rules: [
            .init("model.0.{*}", "first.{*}"),
            .init("model.1.sub.{0}.RDB{1}.conv{2}.0.{*}", "body.{0}.dense{1}.conv{2}.{*}"),
            .init("model.1.sub.{0}.{*}", "trunk.{*}"),
            .init("model.3.{*}", "upsample1.{*}"),
            .init("model.6.{*}", "upsample2.{*}"),
            .init("model.8.{*}", "refine.{*}"),
            .init("model.10.{*}", "last.{*}"),
        ])
}
