import HeirloomTensors

/// The channels of one interval as spectra, and what is known of them, on their way through the chain.
struct SpatialScene {
    let transform: ShortTimeTransform
    let sampleRate: Int
    let samples: Int
    let reference: Int
    /// The reference as recorded, zero where it is missing: `[L]`.
    let original: Tensor
    /// Complex `[D, F, T]`, zero in frames that are not valid; the steps of the chain write here.
    let spectra: Tensor
    /// `[D, T]`, or nil where all is valid.
    let valid: Tensor?
    /// The same as numbers of Swift.
    let validFrames: [[Bool]]
    /// For each channel the first bin that it does not hold.
    let limits: [Int]

    var channels: Int { spectra.shape[0] }
    var bins: Int { spectra.shape[1] }
    var frames: Int { spectra.shape[2] }
    var binWidth: Double { Double(sampleRate) / Double(transform.length) }

    /// The bin of a frequency.
    func bin(_ frequency: Double) -> Int { min(bins, Int((frequency / binWidth).rounded(.up))) }

    init(_ x: Tensor, sampleRate: Int, reference: Int, valid: Tensor?, bandLimits: [Double]?) {
        transform = SpatialChain.transform(sampleRate: sampleRate)
        self.sampleRate = sampleRate
        self.reference = reference
        samples = x.shape[1]
        let finite = x.isFinite()
        let known = valid.map { ($0 .> 0.5) .& finite } ?? finite
        let clean = `where`(known, x.to(dtype: .float32), Tensor.zeros([1]))
        original = clean.channel(reference).copied()
        let whole = known.all().item() != 0
        let framesValid = transform.validFrames(known.to(dtype: .float32))
        // One channel at a time, so that the windowed frames are never there for all of them. In memory the bins of a
        // frame lie side by side.
        let stored = Tensor.empty([x.shape[0], framesValid.shape[1], transform.frequencyCount], dtype: .complex64)
        for channel in 0..<x.shape[0] {
            let own = transform.forward(clean.sliced(axis: 0, from: channel, to: channel + 1)).channel(0)
            let place = stored.channel(channel).swappingAxes(0, 1)
            place.copy(from: whole ? own : own * framesValid.channel(channel))
        }
        spectra = stored.swappingAxes(1, 2)
        self.valid = whole ? nil : framesValid
        let count = framesValid.shape[1]
        let flags = framesValid.floats.map { $0 > 0.5 }
        validFrames = (0..<x.shape[0]).map { Array(flags[($0 * count)..<(($0 + 1) * count)]) }
        let width = Double(sampleRate) / Double(transform.length)
        let bins = transform.frequencyCount
        limits = (0..<x.shape[0]).map { channel in
            bandLimits.map { max(1, min(bins, Int($0[channel] / width) + 1)) } ?? bins
        }
    }

    /// The ranges of bins with the channels that hold them.
    var bands: [(bins: Range<Int>, channels: [Int])] {
        let edges = Set(limits + [bins]).filter { $0 > 0 }.sorted()
        var start = 0
        return edges.map { edge in
            defer { start = edge }
            let holding = limits.indices.filter { limits[$0] >= edge }
            return (start..<edge, holding)
        }
    }

    /// The mask that levels give: up to 8 kHz bin by bin, above in bands of 250 Hz.
    func prior(_ method: SpeechPrior = SpeechPrior()) -> Tensor {
        let top = bin(8000)
        let hop = Double(transform.hop) / Double(sampleRate)
        let low = method(
            spectra.sliced(axis: 1, from: 0, to: top), weights: weights(from: 0, to: top), hop: hop)
        guard top < bins else { return low }
        let width = 16
        let count = (bins - top) / width
        guard count > 0 else {
            return concatenated([low, low.sliced(axis: 0, from: top - 1).expanded([bins - top, frames])], axis: 0)
        }
        // The few bins above the last whole band share its mask.
        var sum = Tensor.zeros([count, frames])
        for channel in 0..<channels {
            let held = min(count, max(0, limits[channel] - top) / width)
            guard held > 0 else { continue }
            let power = spectra.channel(channel).sliced(axis: 0, from: top, to: top + held * width).power
                .reshaped([held, width, frames]).mean(axes: [1])
            let mean = power.mean(axes: [1], keepingDimensions: true).clamped(to: 1e-30...)
            sum += (power / mean).padded([0, 0, 0, count - held])
        }
        let high = method.mask(level: sum.clamped(to: 1e-20...), hop: hop)
        let spread = high.repeatedElements(width, axis: 0)
        let rest = bins - top - count * width
        let tail = high.sliced(axis: 0, from: count - 1).expanded([rest, frames])
        return concatenated(rest > 0 ? [low, spread, tail] : [low, spread], axis: 0)
    }

    /// What the guard judges a spectrum `[F, T]` by.
    func judged(_ spectrum: Tensor) -> Tensor { ReferenceGuard.powers(spectrum, binWidth: binWidth) }

    /// What counts in a range of bins: `[D, F, T]` or what expands to it; nil: everything.
    private func weights(from start: Int, to end: Int) -> Tensor? {
        let narrow = limits.contains { $0 < end }
        guard valid != nil || narrow else { return nil }
        let band = stacked(
            limits.map { limit in
                let held = max(0, min(end, limit) - start)
                return concatenated([Tensor.ones([held]), Tensor.zeros([end - start - held])], axis: 0)
            }
        ).unsqueezed(2)
        return valid.map { $0.unsqueezed(1) * band } ?? band.expanded([channels, end - start, frames])
    }

    /// Scales all channels to the reference's level where speech is, between 200 Hz and 4 kHz.
    func matchGains() {
        let (start, end) = (bin(200), min(bin(4000), limits.min() ?? bins))
        guard channels > 1, end > start else { return }
        // Every fourth bin is enough for one number.
        let part = spectra.sliced(axis: 1, from: start, to: end, by: 4)
        let hop = Double(transform.hop) / Double(sampleRate)
        let mask = SpeechPrior()(part, weights: valid?.unsqueezed(1), hop: hop)
        let speech = (mask .> 0.5).to(dtype: .float32)
        let own = valid ?? Tensor.ones([channels, frames])
        func level(_ channel: Int, _ common: Tensor) -> Double {
            let power = part.channel(channel).power
            return (power * common).to(dtype: .float64).sum().item()
        }
        for channel in 0..<channels where channel != reference {
            let common = speech * (own.channel(channel) * own.channel(reference))
            let (mine, wanted) = (level(channel, common), level(reference, common))
            guard mine > 1e-20, wanted > 1e-20 else { continue }
            spectra.channel(channel).multiply(by: (wanted / mine).squareRoot())
        }
    }

    /// Removes late reverberation, in stretches where the same channels recorded.
    func dereverberate(_ wpe: WPE) {
        let second = Double(sampleRate) / Double(transform.hop)
        for stretch in Presence(validFrames, gap: Int(3 * second), shortest: Int(10 * second)).stretches {
            let part = spectra.sliced(axis: 2, from: stretch.frames.lowerBound, to: stretch.frames.upperBound)
            let own = valid?.sliced(axis: 1, from: stretch.frames.lowerBound, to: stretch.frames.upperBound)
            wpe.filter(part, channels: stretch.channels, valid: own, binWidth: binWidth)
        }
    }
}
