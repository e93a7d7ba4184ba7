/// A long recording cut into intervals for ``SpatialChain``, on a fixed grid of its own timeline.
///
/// The grid depends on the length and the sample rate alone, never on how much was read at a time, so the result does not
/// depend on it either. Memory is that of one interval.
public struct SpatialIntervals: Sendable, Equatable {
    /// One interval.
    public struct Interval: Sendable, Equatable {
        /// The samples that the chain is given: the core and a margin on both sides.
        public let samples: Range<Int>
        /// The samples that this interval decides; the cores of all intervals lie side by side.
        public let core: Range<Int>
    }

    /// The intervals in order.
    public let intervals: [Interval]

    /// The intervals of a recording.
    ///
    /// - Parameters:
    ///   - sampleCount: the length on the common timeline.
    ///   - sampleRate: in Hz.
    ///   - seconds: the length of a core; the last one takes up to half as much again, rather than leave a short rest.
    ///   - margin: seconds on both sides, at least what ``SpatialJoiner`` fades.
    public init(sampleCount: Int, sampleRate: Int, seconds: Double = 60, margin: Double = 2.5) {
        precondition(sampleCount >= 0 && sampleRate > 0 && seconds > 0, "intervals of a negative length")
        let step = max(1, Int(seconds * Double(sampleRate)))
        let side = Int(margin * Double(sampleRate))
        var made: [Interval] = []
        var start = 0
        while start < sampleCount {
            let rest = sampleCount - start
            let end = rest <= step + step / 2 ? sampleCount : start + step
            made.append(
                Interval(samples: max(0, start - side)..<min(sampleCount, end + side), core: start..<end))
            start = end
        }
        intervals = made
    }
}
