public import HeirloomTensors

/// Where speech is, told by levels over a running noise floor: a mask that needs no training.
///
/// The channels' powers, each divided by its mean at the frequency, are averaged and smoothed over time; the noise floor is
/// a low percentile in a window of 3 s, raised to the mean of noise. Used alone, or held fixed as the prior of
/// ``SpatialMixture``.
public struct SpeechPrior: Sendable, Equatable, Codable {
    /// Frames on each side over which powers are averaged.
    public var smoothing = 2
    /// Seconds on each side that the floor is taken from.
    public var window = 1.5
    /// The share of frames at or below the floor.
    public var percentile = 0.15
    /// From the percentile of noise to its mean.
    public var bias = 1.6
    /// The ratio of signal to noise power, above the floor, at which a bin is half speech.
    public var halfway = 2.0
    /// The smallest and largest value.
    public var range = 0.02...0.98

    /// The defaults.
    public init() {}

    /// The mask of spectra.
    ///
    /// - Parameters:
    ///   - y: complex `[D, F, T]`.
    ///   - weights: how much each channel counts in each bin, `[D, F, T]` or what expands to it; nil: all the same.
    ///   - hop: seconds from frame to frame.
    /// - Returns: float32 `[F, T]` within ``range``.
    public func callAsFunction(_ y: Tensor, weights: Tensor? = nil, hop: Double = 0.016) -> Tensor {
        withoutGradients {
            let shape = y.shape
            var sum = Tensor.zeros([shape[1], shape[2]])
            var total = Tensor.zeros([shape[1], shape[2]])
            for channel in 0..<shape[0] {
                let power = y.channel(channel).power.to(dtype: .float32)
                let weight = weights.map { $0.expanded(shape).channel(channel) } ?? Tensor.ones([1, 1])
                let weighted = power * weight
                let mean =
                    weighted.sum(axes: [1], keepingDimensions: true)
                    / weight.expanded([shape[1], shape[2]]).sum(axes: [1], keepingDimensions: true).clamped(to: 1e-9...)
                sum += weighted / mean.clamped(to: 1e-30...)
                total += weight
            }
            // Where nobody recorded anything the level is the mean, which is no news.
            let level = `where`(total .> 0, sum / total.clamped(to: 1e-9...), Tensor.ones([1]))
            return mask(level: level, hop: hop)
        }
    }

    /// The mask of powers `[F, T]`, relative to anything that does not change with time.
    public func mask(level: Tensor, hop: Double = 0.016) -> Tensor {
        let smooth = level.movingMean(radius: smoothing)
        let ratio = (smooth / floor(of: smooth, hop: hop) - 1).clamped(to: 0...)
        return (ratio / (ratio + halfway)).clamped(to: range)
    }

    /// The noise floor, every 16 frames from a window of its own and straight in between.
    private func floor(of level: Tensor, hop: Double) -> Tensor {
        let (bins, frames) = (level.shape[0], level.shape[1])
        let size = min(frames, 2 * Int((window / hop).rounded()) + 1)
        let step = 16
        // Powers are smooth over neighbours, so every second frame says as much as all.
        let windows = level.windows(axis: 1, size: size, step: step).sliced(axis: 2, from: 0, to: size, by: 2)
        let count = windows.shape[1]
        let rank = Int((percentile * Double(windows.shape[2] - 1)).rounded()) + 1
        // Chunks of frequencies bound the memory that the windows take.
        var floors: [Tensor] = []
        for start in stride(from: 0, to: bins, by: 128) {
            let part = windows.sliced(axis: 0, from: start, to: min(bins, start + 128))
            floors.append(part.top(rank, axis: 2, largest: false).values.max(axes: [2]))
        }
        let knots = concatenated(floors, axis: 0) * bias  // [F, count], the middles of the windows
        let place = ((Tensor.range(to: Double(frames)) - Double(size / 2)) / Double(step))
            .clamped(to: 0...Double(count - 1))
        let left = place.floor().clamped(to: ...Double(max(0, count - 2)))
        let right = (left + 1).clamped(to: ...Double(count - 1))
        let a = knots.gatheredRows(axis: 1, left.to(dtype: .int64))
        let b = knots.gatheredRows(axis: 1, right.to(dtype: .int64))
        return (a + (b - a) * (place - left)).clamped(to: 1e-20...)
    }
}
