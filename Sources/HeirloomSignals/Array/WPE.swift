public import HeirloomTensors

/// Weighted prediction error: removes late reverberation from all channels at once, offline.
///
/// Each frequency is predicted from its own past, `delay` frames back and further, and the prediction is subtracted: what
/// is nearer (the speech itself, early reflections) is kept. The prediction minimises the error weighted by the inverse
/// power of the dry signal, which is unknown at first and found in a few iterations (Yoshioka, Nakatani 2012;
/// Drude et al. 2018). Channels should have about the same level.
public struct WPE: Sendable {
    /// What the filter looks at.
    public struct Options: Sendable, Equatable, Codable {
        /// Frames of the past for each channel; nil chooses by frequency (10 below 1 kHz, 8 to 3 kHz, 6 above), fewer for
        /// more than four channels, and 16 for a single one.
        public var taps: Int?
        /// Frames between the present and the newest frame of the past.
        public var delay = 3
        /// How often the power of the dry signal is estimated anew.
        public var iterations = 3
        /// Frames on each side over which the power is averaged.
        public var context = 0
        /// Frames with less than this share of the middle frame's power have no part in the statistics: a recorder that
        /// is silent for a moment would otherwise outweigh, at a trillionth of the power, all that was said.
        public var quietest = 1e-3
        /// Frequencies above this many Hz pass unchanged.
        public var limit = 8000.0
        /// The largest number of channels that are filtered together; more of them are taken in groups.
        public var group = 8

        /// The defaults.
        public init() {}
    }

    /// The options.
    public let options: Options

    /// A filter.
    public init(_ options: Options = Options()) {
        precondition(
            options.delay >= 1 && options.iterations >= 1 && (options.taps ?? 1) >= 1 && options.group >= 1,
            "WPE needs a delay, iterations, taps and channels")
        self.options = options
    }

    /// The spectra without late reverberation.
    ///
    /// - Parameters:
    ///   - y: complex `[D, F, T]`, finite; complex128 is computed in double precision throughout.
    ///   - valid: `[D, T]`, 0 for frames that a channel did not record: they come back as silence and have no part in the
    ///     statistics, nor do the frames that they would predict. nil: all valid.
    ///   - binWidth: Hz from one frequency to the next.
    /// - Returns: complex `[D, F, T]`.
    public func callAsFunction(_ y: Tensor, valid: Tensor? = nil, binWidth: Double = 15.625) -> Tensor {
        let result = y.copied()
        filter(result, channels: Array(0..<y.shape[0]), valid: valid, binWidth: binWidth)
        return result
    }

    /// Filters some channels of spectra where they lie.
    func filter(_ y: Tensor, channels: [Int], valid: Tensor?, binWidth: Double) {
        let bins = min(y.shape[1], Int(options.limit / binWidth) + 1)
        // Groups of about equal size: nine channels are five and four.
        let groups = (channels.count + options.group - 1) / options.group
        for index in 0..<groups {
            let members = (0..<channels.count).filter { $0 % groups == index }.map { channels[$0] }
            withoutGradients { filter(y, group: members, bins: bins, valid: valid, binWidth: binWidth) }
        }
    }

    private func filter(_ y: Tensor, group: [Int], bins: Int, valid: Tensor?, binWidth: Double) {
        let frames = y.shape[2]
        var start = 0
        while start < bins {
            let taps = taps(frequency: Double(start) * binWidth, channels: group.count, frames: frames)
            guard taps > 0 else { return }
            // The stack of delayed frames is the memory that it takes: 32 MB, or 64 bins.
            let fitting = max(1, min(64, 4_000_000 / max(1, taps * group.count * frames)))
            let nextBand = [1000.0, 3000].map { Int(($0 / binWidth).rounded(.up)) }.first { $0 > start } ?? bins
            let end = min(bins, start + fitting, nextBand)
            let part = stacked(group.map { y[$0, start..<end] }, axis: 1)  // [n, D, T]
            let dry = filtered(part, taps: taps, valid: valid.map { stacked(group.map($0.channel)) })
            for (place, channel) in group.enumerated() {
                y[channel, start..<end].copy(from: dry.selected(axis: 1, index: place))
            }
            start = end
        }
    }

    /// Taps for each channel; never more unknowns than a quarter of the frames.
    private func taps(frequency: Double, channels: Int, frames: Int) -> Int {
        let limit = max(0, frames - options.delay) / (4 * channels)
        if let taps = options.taps { return min(taps, limit) }
        let band = channels == 1 ? 16 : frequency < 1000 ? 10 : frequency < 3000 ? 8 : 6
        return min(band, channels == 1 ? 16 : max(4, 40 / channels), limit)
    }

    /// Some frequencies: complex `[n, D, T]` → the same; `valid` is `[D, T]`.
    private func filtered(_ recorded: Tensor, taps: Int, valid: Tensor?) -> Tensor {
        let shape = recorded.shape
        let y = valid.map { recorded * $0 } ?? recorded
        let (bins, channels, frames) = (shape[0], shape[1], shape[2])
        let real: DType = y.dtype == .complex128 ? .float64 : .float32
        let history = options.delay + taps - 1
        // Row d · taps + j holds channel d delayed by `history − j` frames.
        let past = y.padded([history, 0]).windows(axis: 2, size: frames, step: 1)
            .sliced(axis: 2, from: 0, to: taps).reshaped([bins, channels * taps, frames])
        let pastAdjoint = past.adjoint
        let weight = valid.map { frameWeights($0, history: history).to(dtype: real) }
        let share = valid.map { valid in
            let flags = valid.to(dtype: real)
            return flags / flags.sum(axes: [0], keepingDimensions: true).clamped(to: 1...)
        }
        let recordedPower = meanPower(y, share)
        let least = recordedPower.median(axis: 1, keepingDimensions: true) * options.quietest
        let heard = (recordedPower .>= least).to(dtype: real)
        var dry = y
        for _ in 0..<options.iterations {
            var power = meanPower(dry, share)  // [n, T]
            if options.context > 0 { power = power.movingMean(radius: options.context) }
            let floor = (power.max(axes: [1], keepingDimensions: true) * 1e-10).maximum(least)
            var inverse = power.maximum(floor.clamped(to: 1e-30...)).reciprocal() * heard
            if let weight { inverse *= weight }
            let weighted = past * inverse.unsqueezed(1)
            let correlation = weighted.matmul(pastAdjoint).to(dtype: .complex128)
            let cross = weighted.matmul(y.adjoint).to(dtype: .complex128)
            let filter = correlation.hermitian.loaded(1e-6).hermitianSolve(cross)  // [n, DK, D]
            dry = y - filter.adjoint.to(dtype: y.dtype).matmul(past)
        }
        return valid.map { dry * $0 } ?? dry
    }

    /// The mean power of the channels `[n, D, T]` in each frame, of those that recorded it: `[n, T]`.
    private func meanPower(_ y: Tensor, _ share: Tensor?) -> Tensor {
        share.map { (y.power * $0).sum(axes: [1]) } ?? y.power.mean(axes: [1])
    }

    /// 1 for the frames whose own samples and whole past are valid in all channels: `[T]`.
    private func frameWeights(_ valid: Tensor, history: Int) -> Tensor {
        let frames = valid.shape[1]
        let missing = (valid.min(axes: [0]) .< 0.5).to(dtype: .float32).padded([history, 0])
        return (missing.windows(axis: 0, size: history + 1, step: 1).sum(axes: [1]) .< 0.5)
            .to(dtype: .float32).reshaped([frames])
    }
}

extension Tensor {
    /// One entry of the first axis.
    func channel(_ index: Int) -> Tensor { selected(axis: 0, index: index) }

    /// The mean over up to `2 · radius + 1` neighbours along the last axis of `[n, T]`, fewer at the ends.
    func movingMean(radius: Int) -> Tensor {
        let size = 2 * radius + 1
        let ones = Tensor.ones([1, shape[1]], dtype: dtype).padded([radius, radius])
        return padded([radius, radius]).windows(axis: 1, size: size, step: 1).sum(axes: [2])
            / ones.windows(axis: 1, size: size, step: 1).sum(axes: [2])
    }
}
