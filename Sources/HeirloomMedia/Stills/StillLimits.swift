/// What is refused before any of it is decoded.
public struct StillLimits: Sendable, Equatable {
    /// The largest number of pixels, width × height.
    ///
    /// A few kilobytes can claim a picture that fills any memory; 268 million pixels is beyond every
    /// camera and scanner in use and takes 2 GB at most.
    public var maximumPixels: Int

    /// Limits; the default allows 2²⁸ pixels, 16,384 × 16,384.
    public init(maximumPixels: Int = 1 << 28) {
        precondition(maximumPixels > 0, "a limit of no pixels allows no picture")
        self.maximumPixels = maximumPixels
    }

    /// 2²⁸ pixels: for pictures that are held whole.
    public static let standard = StillLimits()

    /// 2³⁰ pixels, 32,768 × 32,768: for pictures that are read in strips, where size costs time and not memory.
    public static let strips = StillLimits(maximumPixels: 1 << 30)
}
