public import HeirloomMedia

/// How a still is written.
public struct StillSettings: Sendable {
    /// Quality and compression of the output.
    public var writing = StillWriteOptions()
    /// Whether an output that exists is replaced.
    public var overwrite = false

    /// The standard settings.
    public init() {}
}
