/// Places decoded sound on a line of samples by its timestamps: fills gaps, drops what comes twice, and otherwise
/// counts samples, which is more exact than most timestamps. A copy of it is a place to go back to.
struct SoundTimeline {
    /// What happens to a piece.
    struct Placement: Equatable {
        /// Samples of silence before it.
        var gap = 0
        /// Samples to leave out at its beginning.
        var dropped = 0
    }

    /// The sample behind all that was placed.
    private(set) var end = 0
    /// Samples of silence in gaps so far, samples left out, and jumps that were passed over.
    private(set) var filled = 0
    private(set) var dropped = 0
    private(set) var jumps = 0

    private let rate: Int
    private let timeBase: Rational
    private let longestGap: Int
    /// The timestamp of sample 0, moved by jumps.
    private var origin: Int64
    private var expected: Int64?

    /// - Parameters:
    ///   - origin: the timestamp of the first sample.
    ///   - longestGap: longer gaps are taken for wrong timestamps, in samples.
    init(rate: Int, timeBase: Rational, origin: Int64, longestGap: Int) {
        self.rate = rate
        self.timeBase = timeBase
        self.origin = origin
        self.longestGap = longestGap
    }

    /// Places the next piece.
    ///
    /// - Parameters:
    ///   - ticks: its timestamp; nil where it has none and follows the piece before.
    ///   - count: its samples.
    mutating func place(_ ticks: Int64?, count: Int) -> Placement {
        var placement = Placement()
        if let ticks, let stated = samples(from: origin, to: ticks) {
            // Timestamps are often rounded and jitter: only what is late both against the piece before and against
            // the count of samples is a gap.
            let step = expected.flatMap { samples(from: $0, to: ticks) } ?? 0
            let late = stated - end
            let ticksOfSlack = 2 * rate * Int(timeBase.numerator) / Int(timeBase.denominator)
            let slack = max(rate / 50, ticksOfSlack)
            if abs(step) > max(rate / 100, ticksOfSlack) && abs(late) > slack {
                if late > 0 && late <= longestGap {
                    placement.gap = late
                    filled += late
                } else if late < 0 && -late <= min(count, rate) {
                    placement.dropped = -late
                    dropped += -late
                } else {
                    // Two recordings joined, or a damaged timestamp: the sound goes on.
                    origin = ticks &- self.ticks(of: end)
                    jumps += 1
                }
            }
            expected = ticks &+ self.ticks(of: count)
        }
        end += placement.gap + count - placement.dropped
        return placement
    }

    /// The empty line that this one began as.
    func restarted(origin: Int64) -> SoundTimeline {
        SoundTimeline(rate: rate, timeBase: timeBase, origin: origin, longestGap: longestGap)
    }

    private func samples(from start: Int64, to ticks: Int64) -> Int? {
        let (difference, overflow) = ticks.subtractingReportingOverflow(start)
        guard !overflow else { return nil }
        let above = Int128(difference) * Int128(timeBase.numerator) * Int128(rate)
        let below = Int128(timeBase.denominator)
        let rounded = (above + (above < 0 ? -below / 2 : below / 2)) / below
        return Int(exactly: rounded)
    }

    private func ticks(of samples: Int) -> Int64 {
        let above = Int128(samples) * Int128(timeBase.denominator)
        let below = Int128(rate) * Int128(timeBase.numerator)
        return Int64(clamping: (above + below / 2) / below)
    }
}
