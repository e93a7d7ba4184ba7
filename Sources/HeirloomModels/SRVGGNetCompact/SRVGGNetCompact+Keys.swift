extension SRVGGNetCompact {
    /// The names in the files of Real-ESRGAN, which are ours.
    public static let publishedKeys = KeyTable(
        family: "SRVGGNetCompact", rules: [.init("body.{0}.{*}", "body.{0}.{*}")])
}
