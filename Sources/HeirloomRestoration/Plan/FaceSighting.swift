public import HeirloomModels

/// A frame that shows a face.
public struct FaceSighting: Sendable {
    /// The frame.
    public let frame: SurveyedFrame
    /// Its face, in pixels of the small picture.
    public let face: DetectedFace
    /// How much of a face there is to see: it grows with the face's size, its sharpness and the network's certainty.
    public let prominence: Double

    /// A sighting from its parts.
    public init(frame: SurveyedFrame, face: DetectedFace, prominence: Double) {
        self.frame = frame
        self.face = face
        self.prominence = prominence
    }

    /// Judges a face.
    ///
    /// Edges in a face make the same differences between neighbours at every size, each along more pixels in a larger one;
    /// what is out of focus or moves has few.
    init(frame: SurveyedFrame, face: DetectedFace, in picture: SurveyedPicture) {
        let columns = Self.inside(face.left, face.right, picture.width)
        let rows = Self.inside(face.top, face.bottom, picture.height)
        var sum = 0
        for row in rows.dropFirst() {
            for column in columns.dropFirst() {
                let place = row * picture.width + column
                let value = Int(picture.luma[place])
                sum += abs(value - Int(picture.luma[place - 1]))
                sum += abs(value - Int(picture.luma[place - picture.width]))
            }
        }
        let side = Double(max(picture.width, picture.height))
        self.init(frame: frame, face: face, prominence: face.score * Double(sum) / 255 / side)
    }

    private static func inside(_ first: Double, _ last: Double, _ count: Int) -> Range<Int> {
        let lower = Int(min(max(first, 0), Double(count)))
        return lower..<max(lower, Int(min(max(last, 0), Double(count))))
    }
}
