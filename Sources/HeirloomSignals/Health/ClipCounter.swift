import Foundation

/// Counts samples at a converter's limit: runs of three or more within 0.1 % of the signal's own maximum, which finds
/// clipping below full scale too. One polarity; the other is counted with the sign turned.
///
/// The maximum is that of runs, so that a single spike above the limit hides nothing. It is known only at the end: the
/// counts are kept for every level near the largest one so far.
struct ClipCounter {
    /// The largest magnitude that three samples in a row reached.
    private(set) var limit: Float = 0
    /// The largest sample.
    private(set) var peak: Float = 0
    private var run: [Float] = []
    private var counts: [Int: Int] = [:]
    private static let fineness = 10_000.0

    /// Takes a sample, its sign turned for the negative side.
    @inline(__always)
    mutating func add(_ x: Float) {
        peak = max(peak, x)
        if x > 0 && x >= limit * 0.97 {
            run.append(x)
            if run.count == 4096 { endRun() }
        } else if !run.isEmpty {
            endRun()
        }
    }

    /// How many samples are at the limit.
    ///
    /// Round tops of a tone are spread evenly below their maximum and not counted; a limit piles samples up at one value.
    mutating func finish() -> Int {
        endRun()
        guard limit > 0 else { return 0 }
        let top = Foundation.log(Double(limit))
        // Coarse sample formats have few values below the limit: at least two steps of 16 bits are looked at.
        let margin = max(0.006, 2.5 / 32_768 / Double(limit))
        let (at, below) = counts.reduce(into: (0, 0)) { sums, entry in
            let distance = top - Double(entry.key) / Self.fineness
            if distance < 0.0011 { sums.0 += entry.value } else if distance < margin { sums.1 += entry.value }
        }
        return at >= 6 && at > 2 * below ? at : 0
    }

    private mutating func endRun() {
        if run.count >= 3 {
            let lows = (0..<run.count - 2).map { min(run[$0], run[$0 + 1], run[$0 + 2]) }
            limit = max(limit, lows.max() ?? 0)
            for index in run.indices {
                let high = lows[max(0, index - 2)...min(index, lows.count - 1)].max() ?? 0
                if high >= limit * 0.97, high > 0 {
                    counts[Int(Foundation.log(Double(high)) * Self.fineness), default: 0] += 1
                }
            }
        }
        run.removeAll(keepingCapacity: true)
    }
}
