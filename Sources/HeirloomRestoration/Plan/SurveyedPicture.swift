import HeirloomMedia
import HeirloomMediaTensors

/// A frame of a survey with a small grey picture of it.
public struct SurveyedPicture: Sendable {
    /// What was measured of the frame.
    public let frame: SurveyedFrame
    /// Columns of the picture, whose pixels are square.
    public let width: Int
    /// Rows of the picture.
    public let height: Int
    /// Its luma row by row, 0...255.
    public let luma: [UInt8]

    /// The longer side of a picture of a film that is larger.
    static let side = 320

    /// A picture from its parts.
    init(frame: SurveyedFrame, width: Int, height: Int, luma: [UInt8]) {
        precondition(luma.count == width * height, "a picture of \(width)×\(height) has not \(luma.count) samples")
        self.frame = frame
        self.width = width
        self.height = height
        self.luma = luma
    }

    /// Makes a frame small.
    init(_ picture: VideoFrame, format: VideoFormat, measured frame: SurveyedFrame) {
        self.frame = frame
        (width, height) = SmallPicture.size(of: format, side: Self.side)
        let reduce = LumaReducer(width: width, height: height, paddedWidth: width, paddedHeight: height)
        luma = reduce(picture).map { UInt8(($0 * 255).rounded()) }
    }
}
