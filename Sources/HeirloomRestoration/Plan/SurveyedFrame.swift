public import HeirloomMedia

/// What a look at one frame of a film tells, measured on a small picture of 128 × 72.
public struct SurveyedFrame: Sendable, Codable, Equatable {
    /// When it appears, counted from the film's start.
    public var time: MediaTime
    /// Mean luma, 0...1.
    public var mean: Double
    /// Standard deviation of the luma, 0...0.5.
    public var contrast: Double
    /// Mean difference of neighbouring samples, 0...1: how much there is to see.
    public var detail: Double
    /// Mean difference from the frame before, 0...1; 0 for the first of a shot.
    public var motion: Double
    /// The number of its shot, among the shots that were looked at.
    public var shot: Int
    /// The number of its stretch: frames of one stretch follow each other.
    public var stretch: Int
    /// Whether the decoder called it damaged.
    public var isDamaged: Bool

    /// A frame from its parts.
    public init(
        time: MediaTime, mean: Double, contrast: Double, detail: Double, motion: Double, shot: Int = 0,
        stretch: Int = 0, isDamaged: Bool = false
    ) {
        self.time = time
        self.mean = mean
        self.contrast = contrast
        self.detail = detail
        self.motion = motion
        self.shot = shot
        self.stretch = stretch
        self.isDamaged = isDamaged
    }

    /// How much goes on: detail and motion together.
    public var busyness: Double { detail + motion }

    /// Whether there is nothing to see: leader, a fade's end, a blank title. Grain alone is below this.
    public var isBlank: Bool { contrast < Self.blankContrast }

    /// The contrast below which a frame counts as blank: three code values of 255.
    static let blankContrast = 0.012
}
