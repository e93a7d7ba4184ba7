/// The size of what the network sees of a picture: its shape as displayed, not squashed.
///
/// The picture is scaled to `width` × `height`; the network wants multiples of a number, so mirrored margins make it
/// `paddedWidth` × `paddedHeight`, and are cut off afterwards.
public struct RenderSize: Sendable, Equatable {
    /// Columns of the picture.
    public let width: Int
    /// Rows of the picture.
    public let height: Int
    /// Columns with the margin to the right.
    public let paddedWidth: Int
    /// Rows with the margin below.
    public let paddedHeight: Int

    /// The longest side is at most this many short sides: a strip of film perforations is not worth a network picture of
    /// a million columns. Beyond it the picture is squashed.
    public static let longestAspect = 8

    /// The size for a picture.
    ///
    /// - Parameters:
    ///   - width: columns of the picture.
    ///   - height: rows of the picture.
    ///   - sampleAspect: the width of a sample over its height.
    ///   - shortSide: the short side of the result, before the margin.
    ///   - multiple: what both padded sides are multiples of.
    /// - Precondition: everything is positive.
    public init(width: Int, height: Int, sampleAspect: Double = 1, shortSide: Int, multiple: Int = 32) {
        precondition(
            width > 0 && height > 0 && sampleAspect > 0 && shortSide > 0 && multiple > 0,
            "no render size for \(width)×\(height), sample aspect \(sampleAspect), short side \(shortSide)")
        let displayWidth = Double(width) * sampleAspect
        let displayHeight = Double(height)
        let scale = Double(shortSide) / min(displayWidth, displayHeight)
        let longest = Double(shortSide * Self.longestAspect)
        self.width = Int(min(displayWidth * scale, longest).rounded())
        self.height = Int(min(displayHeight * scale, longest).rounded())
        paddedWidth = (self.width + multiple - 1) / multiple * multiple
        paddedHeight = (self.height + multiple - 1) / multiple * multiple
    }
}
