/// The latest samples of a stream, by their places in the whole of it.
struct SampleWindow {
    private var samples: [Float] = []
    private var first = 0

    /// Samples that came so far, with those forgotten.
    var end: Int { first + samples.count }

    /// Adds samples at the end.
    mutating func append(_ more: [Float]) { samples += more }

    /// Samples of a range that was not forgotten; zeros before the beginning and beyond the end.
    subscript(_ range: Range<Int>) -> [Float] {
        precondition(range.lowerBound < 0 || range.lowerBound >= first, "samples before \(first) are forgotten")
        let inside = range.clamped(to: first..<end)
        guard !inside.isEmpty else { return [Float](repeating: 0, count: range.count) }
        return [Float](repeating: 0, count: inside.lowerBound - range.lowerBound)
            + samples[inside.lowerBound - first..<inside.upperBound - first]
            + [Float](repeating: 0, count: range.upperBound - inside.upperBound)
    }

    /// Forgets what lies before a place.
    mutating func forget(before place: Int) {
        // In large steps: every one moves what is kept.
        let count = min(place - first, samples.count)
        guard count > samples.count / 2 else { return }
        samples.removeFirst(count)
        first += count
    }
}
