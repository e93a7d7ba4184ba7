/// Facts of a stream of pictures.
public struct PictureSummary: Sendable, Hashable, Codable {
    /// Columns of samples, as stored.
    public var width: Int
    /// Lines of samples, as stored.
    public var height: Int
    /// The width of a sample over its height.
    public var sampleAspectRatio: Rational
    /// The width over the height of the picture as stored, lowest terms.
    public var displayAspectRatio: Rational
    /// Frames in a second on average; nil where unknown.
    public var averageFrameRate: Rational?
    /// The smallest rate whose ticks hold all timestamps; nil where unknown.
    public var nominalFrameRate: Rational?
    /// Whether both rates differ so much that frames surely do not come evenly.
    public var isVariableFrameRate: Bool
    /// FFmpeg's name of the pixel format.
    public var pixelFormat: String
    /// Bits of a sample.
    public var bitDepth: Int
    /// Colour as the file states it.
    public var taggedColor: ColorInfo
    /// Colour as it is taken.
    public var color: ColorInfo
    /// What was assumed; nil where everything is stated.
    public var colorNote: String?
    /// How the picture must be turned to stand upright, in words.
    public var orientation: String
    /// "progressive", "top field first", "bottom field first" or "unknown", as the header says.
    public var fieldOrder: String
}
