/// A still picture in memory: upright, immutable, with everything its file said about it.
///
/// Samples are as the file stored them: in the colours of `metadata.profile` where there is one, in sRGB elsewhere.
public struct StillImage: Sendable {
    /// What the samples of one pixel are, in this order.
    public enum Channels: Int, CaseIterable, Sendable {
        /// Brightness.
        case grey = 1
        /// Brightness, opacity.
        case greyAlpha
        /// Red, green, blue.
        case rgb
        /// Red, green, blue, opacity; colours are not multiplied by it.
        case rgba

        /// Samples per pixel, 1...4.
        public var count: Int { rawValue }
        /// Whether the last channel is opacity.
        public var hasAlpha: Bool { self == .greyAlpha || self == .rgba }
        /// Whether there is one channel of brightness instead of three of colour.
        public var isGrey: Bool { self == .grey || self == .greyAlpha }
    }

    /// Bits per sample.
    public enum Depth: Int, CaseIterable, Sendable {
        /// 0...255.
        case eight = 8
        /// 0...65535.
        case sixteen = 16

        /// Bytes per sample, 1 or 2.
        public var bytes: Int { rawValue / 8 }
        /// The value of white: 255 or 65535.
        public var maximum: Int { 1 << rawValue - 1 }
    }

    /// Pixels across.
    public let width: Int
    /// Pixels down.
    public let height: Int
    /// What the samples of a pixel are.
    public let channels: Channels
    /// Bits per sample.
    public let depth: Depth
    /// The samples: rows from top to bottom, pixels from left to right, channels interleaved, nothing between rows.
    /// 16-bit samples are `UInt16` in the machine's own byte order.
    public let pixels: [UInt8]
    /// What the file carried besides.
    public let metadata: StillMetadata
    /// The format it was read from; nil for a picture made in memory.
    public let format: StillFormat?
    /// What reading changed or left out, a clause each: worth showing to people.
    public let notes: [String]

    /// A picture from its parts.
    ///
    /// - Precondition: the sides are positive and `pixels` has width × height × channels × bytes elements.
    public init(
        width: Int, height: Int, channels: Channels, depth: Depth, pixels: [UInt8],
        metadata: StillMetadata = StillMetadata(), format: StillFormat? = nil, notes: [String] = []
    ) {
        precondition(width > 0 && height > 0, "a picture has at least one pixel, not \(width) × \(height)")
        let expected = width * height * channels.count * depth.bytes
        precondition(
            pixels.count == expected,
            "\(width) × \(height) \(channels) at \(depth.rawValue) bit is \(expected) bytes, not \(pixels.count)")
        self.width = width
        self.height = height
        self.channels = channels
        self.depth = depth
        self.pixels = pixels
        self.metadata = metadata
        self.format = format
        self.notes = notes
    }

    /// A 16-bit picture from its samples.
    ///
    /// - Precondition: the sides are positive and `samples` has width × height × channels elements.
    public init(
        width: Int, height: Int, channels: Channels, samples: [UInt16], metadata: StillMetadata = StillMetadata(),
        format: StillFormat? = nil, notes: [String] = []
    ) {
        self.init(
            width: width, height: height, channels: channels, depth: .sixteen,
            pixels: samples.withUnsafeBytes { [UInt8]($0) }, metadata: metadata, format: format, notes: notes)
    }

    /// Lends the samples of a 16-bit picture.
    ///
    /// - Precondition: `depth` is `.sixteen`.
    public func with16BitSamples<R>(_ body: (UnsafeBufferPointer<UInt16>) throws -> R) rethrows -> R {
        precondition(depth == .sixteen, "the samples of an 8-bit picture are its bytes")
        return try pixels.withUnsafeBytes { try body($0.assumingMemoryBound(to: UInt16.self)) }
    }

    /// The same file with other pixels: metadata, format and notes stay.
    ///
    /// A profile for grey does not fit a coloured picture; the writer leaves it out and says so. Convert with
    /// `convertedToSRGB()` before colouring.
    /// - Precondition: as for the initialiser.
    public func replacingPixels(
        width: Int? = nil, height: Int? = nil, channels: Channels, depth: Depth, pixels: [UInt8]
    ) -> StillImage {
        StillImage(
            width: width ?? self.width, height: height ?? self.height, channels: channels, depth: depth,
            pixels: pixels, metadata: metadata, format: format, notes: notes)
    }
}

extension StillImage {
    /// The same picture with more to say about it.
    func adding(notes more: [String], metadata: StillMetadata? = nil) -> StillImage {
        StillImage(
            width: width, height: height, channels: channels, depth: depth, pixels: pixels,
            metadata: metadata ?? self.metadata, format: format, notes: notes + more)
    }

    /// The same samples said to have other metadata.
    func with(metadata: StillMetadata) -> StillImage {
        StillImage(
            width: width, height: height, channels: channels, depth: depth, pixels: pixels, metadata: metadata,
            format: format, notes: notes)
    }
}
