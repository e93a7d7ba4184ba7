/// How a picture is encoded, where its format leaves a choice.
public struct StillWriteOptions: Sendable, Equatable {
    /// Quality of lossy formats, 1...100. From 90 on, JPEG keeps colour at full resolution.
    public var quality: Int
    /// Whether WebP and AVIF keep every sample. PNG and TIFF always do, JPEG and HEIC cannot.
    public var isLossless: Bool

    /// Options; by default quality 95, lossy where the format is.
    ///
    /// - Precondition: `quality` is in 1...100.
    public init(quality: Int = 95, isLossless: Bool = false) {
        precondition((1...100).contains(quality), "quality is 1...100, not \(quality)")
        self.quality = quality
        self.isLossless = isLossless
    }
}
