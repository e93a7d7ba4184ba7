import HeirloomTensors

/// Cross-correlation with the magnitudes of the spectra nearly taken out, so that it peaks sharply at delays and does not
/// care how either microphone colours the sound (Knapp and Carter 1976, with the exponent below 1).
struct WeightedPHAT {
    /// What is listened to, in Hz.
    let band: ClosedRange<Double>
    /// How much of the magnitude is taken out; 1 would make empty frequencies as loud as voices.
    var exponent = 0.8

    /// The next length of the form 2^a or 3 · 2^a.
    static func transformLength(_ count: Int) -> Int {
        var length = 64
        while length < count { length *= 2 }
        return length / 4 * 3 >= count ? length / 4 * 3 : length
    }

    /// Spectra with flattened magnitudes, zero outside the band: `[N, L]` → complex `[N, n / 2 + 1]`.
    ///
    /// - Parameter resolution: over how many Hz the magnitudes are averaged first; 0 for each bin by itself. The wider, the
    ///   less is a loud moment smeared over the quiet ones around it.
    func spectra(_ signals: Tensor, length n: Int, resolution: Double = 0) -> Tensor {
        let spectrum = signals.realFFT(length: n)
        // Powers, not magnitudes: a root for every bin would be taken out again by the exponent.
        var power = spectrum.viewedAsReal().squared().sum(axes: [-1])
        let radius = Int(resolution / 2 * Double(n) / Double(AnalysisSamples.sampleRate))
        if radius > 0 {
            let (width, bins) = (2 * radius + 1, power.shape[1])
            let sums = power.to(dtype: .float64).padded([radius + 1, radius]).cumulativeSum(axis: 1)
            let means = (sums.sliced(axis: 1, from: width) - sums.sliced(axis: 1, from: 0, to: bins)) / Double(width)
            power = means.clamped(to: 0...).to(dtype: .float32)
        }
        let floor = power.max(axes: [1], keepingDimensions: true) * 1e-12 + 1e-24
        return spectrum * ((power + floor).raised(to: -exponent / 2) * mask(length: n))
    }

    /// 1 inside the band, 0 outside, with slopes a tenth of an octave wide: `[n / 2 + 1]`.
    private func mask(length n: Int) -> Tensor {
        let step = Double(AnalysisSamples.sampleRate) / Double(n)
        let values = (0...n / 2).map { bin -> Float in
            let frequency = Double(bin) * step
            let rise = (frequency / band.lowerBound - 0.93) / 0.07
            let fall = (1.07 - frequency / band.upperBound) / 0.07
            return Float(min(max(min(rise, fall), 0), 1))
        }
        return Tensor(values)
    }

    /// What `file` holds later than `reference` by each lag.
    ///
    /// - Parameters:
    ///   - reference: complex `[N, F]` of ``spectra(_:length:)``.
    ///   - file: the same, or `[1, F]`.
    /// - Returns: `[N, n]`: at l the correlation for file(t + l) ~ reference(t); negative lags at the end.
    func correlation(_ reference: Tensor, _ file: Tensor, length n: Int) -> Tensor {
        (file * reference.conjugate()).inverseRealFFT(length: n)
    }
}
