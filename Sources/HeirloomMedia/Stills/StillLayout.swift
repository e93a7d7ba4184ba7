/// What a picture is besides its samples: what a reader of strips learns first and a writer of strips must know.
public struct StillLayout: Sendable, Equatable {
    /// Pixels across, upright.
    public var width: Int
    /// Pixels down, upright.
    public var height: Int
    /// What the samples of a pixel are.
    public var channels: StillImage.Channels
    /// Bits per sample.
    public var depth: StillImage.Depth
    /// What the file carried besides.
    public var metadata: StillMetadata
    /// The format it was read from; nil for a picture made in memory.
    public var format: StillFormat?

    /// A layout from its parts.
    ///
    /// - Precondition: the sides are positive.
    public init(
        width: Int, height: Int, channels: StillImage.Channels, depth: StillImage.Depth,
        metadata: StillMetadata = StillMetadata(), format: StillFormat? = nil
    ) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel, not \(width) × \(height)")
        self.width = width
        self.height = height
        self.channels = channels
        self.depth = depth
        self.metadata = metadata
        self.format = format
    }

    /// The layout of a picture in memory.
    public init(_ image: StillImage) {
        self.init(
            width: image.width, height: image.height, channels: image.channels, depth: image.depth,
            metadata: image.metadata, format: image.format)
    }

    /// The same file's layout at another size: metadata that states the size says the new one, and the small preview
    /// of the old picture is unlinked.
    ///
    /// - Precondition: the sides are positive.
    public func resized(width: Int, height: Int) -> StillLayout {
        StillLayout(
            width: width, height: height, channels: channels, depth: depth,
            metadata: metadata.resized(width: width, height: height), format: format)
    }

    /// Bytes of a row of samples.
    public var bytesPerRow: Int { width * channels.count * depth.bytes }
}
