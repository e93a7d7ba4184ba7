/// What every frame of a film has in common.
public struct VideoFormat: Sendable, Hashable, Codable {
    /// Columns of luma samples.
    public var width: Int
    /// Lines of luma samples.
    public var height: Int
    /// The layout of the samples.
    public var pixelFormat: PixelFormat
    /// What the samples mean, every field stated.
    public var color: ColorInfo
    /// The width of a sample over its height; 1/1 where nobody said.
    public var sampleAspectRatio: Rational
    /// The tick in which the timestamps of the frames count.
    public var timeBase: Rational
    /// Frames in a second on average; nil where unknown. For encoders and estimates, never for timestamps.
    public var frameRate: Rational?
    /// Whether the frames come at uneven distances, as far as the header tells.
    public var isVariableFrameRate: Bool

    /// Makes a format.
    ///
    /// - Precondition: width and height are positive.
    public init(
        width: Int, height: Int, pixelFormat: PixelFormat, color: ColorInfo, sampleAspectRatio: Rational = .one,
        timeBase: Rational, frameRate: Rational? = nil, isVariableFrameRate: Bool = false
    ) {
        precondition(width > 0 && height > 0, "a film of \(width)×\(height) samples has no picture")
        self.width = width
        self.height = height
        self.pixelFormat = pixelFormat
        self.color = color
        self.sampleAspectRatio = sampleAspectRatio
        self.timeBase = timeBase
        self.frameRate = frameRate
        self.isVariableFrameRate = isVariableFrameRate
    }
}
