/// How much of a film a stage must have been fed for the exact result of a segment.
public struct StageRunIn: Sendable, Codable, Equatable {
    /// Frames that must be fed before the first of a segment, at least, or all there are before it.
    public var frames: Int
    /// Feeding begins at a multiple of this, and segments are multiples of it.
    public var grain: Int

    /// A run-in from its parts.
    ///
    /// - Precondition: `frames` is not negative and `grain` is positive.
    public init(frames: Int = 0, grain: Int = 1) {
        precondition(frames >= 0 && grain >= 1, "a run-in of \(frames) frames at multiples of \(grain)")
        self.frames = frames
        self.grain = grain
    }

    /// The frame to begin with for the exact results of a segment and all after it.
    ///
    /// - Parameter frame: the first frame of the segment.
    public func start(before frame: Int) -> Int { max(0, frame - frames) / grain * grain }

    /// The segment length nearest to a wish: a multiple of the grain, and one at least.
    public func segment(near frames: Int) -> Int { max(1, (frames + grain / 2) / grain) * grain }

    /// The least common multiple of two grains.
    static func commonMultiple(_ one: Int, _ other: Int) -> Int {
        var (divisor, rest) = (one, other)
        while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
        return one / divisor * other
    }
}
