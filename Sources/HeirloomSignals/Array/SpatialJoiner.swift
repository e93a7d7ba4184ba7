public import HeirloomTensors

/// Joins the results of ``SpatialIntervals`` into one signal, fading where cores meet.
///
/// All filters keep the speech of the same reference in its own time, so neighbours agree in phase and a short fade
/// suffices. Feed the intervals in order; concatenate what comes out.
public struct SpatialJoiner {
    private let fade: Int
    private var tail: Tensor?
    private var position = 0

    /// A joiner of signals at a sample rate in Hz; `seconds` is the length of a fade, centred where cores meet.
    public init(sampleRate: Int, seconds: Double = 0.25) {
        fade = 2 * max(1, Int(seconds * Double(sampleRate) / 2))
    }

    /// Takes the signal of the next interval.
    ///
    /// - Parameters:
    ///   - signal: `[L]` or `[C, L]`: what the chain made of `interval.samples`.
    ///   - isLast: whether nothing follows.
    /// - Returns: the samples that are finished, in order: the first call's begin at sample 0 of the recording.
    /// - Precondition: intervals come in order, and overlap by the fade.
    public mutating func join(_ signal: Tensor, of interval: SpatialIntervals.Interval, isLast: Bool) -> Tensor {
        let axis = signal.rank - 1
        let offset = interval.samples.lowerBound
        let end = isLast ? interval.core.upperBound : interval.core.upperBound - fade / 2
        precondition(
            position >= offset && end >= position && end + (isLast ? 0 : fade) <= interval.samples.upperBound,
            "interval \(interval) does not continue at sample \(position)")
        var piece = signal.sliced(axis: axis, from: position - offset, to: end - offset)
        if let tail {
            let length = tail.shape[axis]
            let rise = (Tensor.range(to: Double(length)) + 0.5) / Double(length)
            let head = signal.sliced(axis: axis, from: position - offset, to: position - offset + length)
            let mixed = tail + (head - tail) * rise
            let after = signal.sliced(
                axis: axis, from: position - offset + length, to: max(end, position + length) - offset)
            piece = concatenated([mixed, after], axis: axis)
        }
        let next = max(end, position + (tail?.shape[axis] ?? 0))
        tail = isLast ? nil : signal.sliced(axis: axis, from: next - offset, to: next - offset + fade).copied()
        position = next
        return piece.copied()
    }
}
