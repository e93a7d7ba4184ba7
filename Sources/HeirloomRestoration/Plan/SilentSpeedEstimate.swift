public import HeirloomMedia

/// Whether a film without sound runs at the speed at which it was cranked, as far as the film itself tells.
///
/// Silent films were taken at 16 to 20 pictures a second. Shown at 24 or 25 they run too fast, unless pictures were
/// repeated when they were copied. What cannot be proven is left as it is.
public struct SilentSpeedEstimate: Sendable, Codable, Equatable {
    /// Pictures a second that the film should have; nil where it should stay as it is.
    public var speed: Rational?
    /// What speaks for it, one sentence.
    public var reason: String

    /// An estimate.
    public init(speed: Rational?, reason: String) {
        self.speed = speed
        self.reason = reason
    }

    /// The estimate for a film.
    public init(_ survey: FilmSurvey) {
        let rate = survey.format.frameRate?.doubleValue
        self.init(
            frames: survey.frames, rate: rate, isVariable: survey.format.isVariableFrameRate,
            hasSound: !survey.streams(.audio).isEmpty)
    }

    /// The estimate by what was measured.
    ///
    /// - Parameters:
    ///   - rate: frames a second as the file states it; nil where unknown.
    ///   - isVariable: whether the frames come unevenly.
    init(frames: [SurveyedFrame], rate: Double?, isVariable: Bool, hasSound: Bool) {
        func keep(_ reason: String) -> SilentSpeedEstimate { SilentSpeedEstimate(speed: nil, reason: reason) }
        guard !hasSound else {
            self = keep("The film has sound, which fixes its speed.")
            return
        }
        guard let rate, rate > 0, !isVariable else {
            self = keep("The film's frames come at uneven distances, so its speed is left as it is.")
            return
        }
        let shown = Self.words(rate)
        guard rate > 22 else {
            self = keep("The film runs at \(shown) pictures a second already, as silent films do.")
            return
        }
        if let period = RepeatedFrames.period(in: frames) {
            let distinct = rate * Double(period.distinct) / Double(period.frames)
            let which =
                period.repeated == 1
                ? "One frame of every \(period.frames) repeats"
                : "\(period.repeated) frames of every \(period.frames) repeat"
            let pattern =
                "\(which) the one before, so \(Self.words(distinct)) different pictures a second are shown at \(shown)"
            self = keep(
                distinct <= 22.5
                    ? pattern + ": its speed was corrected when it was copied."
                    : pattern + "; nothing proves at which speed they were cranked, so it is kept.")
            return
        }
        if CrankFlicker.isPresent(in: frames), rate < 31 {
            self.init(
                speed: Rational(16, 1),
                reason: "No frame is repeated, and the brightness swings once in 8 frames, as hand-cranked cameras made"
                    + " it with 8 frames a turn: at two turns a second that is 16 pictures a second, and \(shown) is too"
                    + " fast.")
            return
        }
        self = keep(
            "No frame is repeated and nothing in the picture proves at which speed it was cranked, so its \(shown)"
                + " pictures a second are kept.")
    }

    private static func words(_ rate: Double) -> String {
        let hundredths = Int((rate * 100).rounded())
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        if rest == 0 { return "\(whole)" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
