/// A face in a picture: where it is, and how sure that is.
public struct DetectedFace: Sendable, Hashable, Codable {
    /// A place in a picture, in pixels from its upper left corner.
    public struct Point: Sendable, Hashable, Codable {
        /// To the right.
        public var x: Double
        /// Down.
        public var y: Double

        /// A place.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// Its left border, in pixels; below 0 where the face is cut off.
    public var left: Double
    /// Its upper border.
    public var top: Double
    /// Its right border.
    public var right: Double
    /// Its lower border.
    public var bottom: Double
    /// How sure it is, 0...1.
    public var score: Double
    /// The eyes, the tip of the nose, the corners of the mouth; left ones of the picture first.
    public var points: [Point]

    /// A face from its parts.
    public init(left: Double, top: Double, right: Double, bottom: Double, score: Double, points: [Point] = []) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
        self.score = score
        self.points = points
    }

    /// Its columns.
    public var width: Double { right - left }
    /// Its rows.
    public var height: Double { bottom - top }
}
