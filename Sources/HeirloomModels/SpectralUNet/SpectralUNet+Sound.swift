public import HeirloomTensors

extension SpectralUNet: AudioEnhancer {
    /// Rate of the sound that ``enhanced(_:auxiliary:)`` takes.
    public var sampleRate: Int { configuration.sampleRate }

    /// The cleaned sound.
    public func enhanced(_ x: Tensor, auxiliary: Tensor?) -> Tensor {
        enhanced(x, auxiliary: auxiliary, sampleRate: sampleRate)
    }

    /// The cleaned sound at another rate than ``sampleRate``: one network serves both.
    /// - Parameters:
    ///   - x: `[N, L]`, ±1, near ``inputLevel``.
    ///   - auxiliary: What a beamformer removed from it, `[N, L]`.
    ///   - sampleRate: 16,000 or 48,000 Hz.
    /// - Returns: `[N, L]`; silence stays silence.
    public func enhanced(_ x: Tensor, auxiliary: Tensor?, sampleRate: Int) -> Tensor {
        let form = SpectralForm(sampleRate: sampleRate)
        let (low, high, estimate) = heard(x, auxiliary, form)
        let cleaned = SpectralForm.expanded(estimate.spectrum)
        let whole = concatenated([cleaned, high * Self.topGain(low, cleaned)], axis: 2)
        let sound = form.sound(of: whole, length: x.shape[1])
        return sound * (x.abs().max(axes: [1], keepingDimensions: true) .> 0).to(dtype: sound.dtype)
    }

    /// How likely each bin is speech rather than noise, 0...1, by both of the network's opinions: for masks of a
    /// beamformer.
    /// - Parameters:
    ///   - x: `[N, L]`, ±1, near ``inputLevel``.
    ///   - sampleRate: 16,000 or 48,000 Hz.
    /// - Returns: `[N, 256, T]`: 31.25 Hz a bin, frames as in ``SpectralForm/transform``.
    public func speechMask(of x: Tensor, sampleRate: Int) -> Tensor {
        let estimate = heard(x, nil, SpectralForm(sampleRate: sampleRate)).estimate
        return (estimate.presence.sigmoid() * (1 - estimate.noise.sigmoid())).sqrt()
    }

    /// Spectra below 8 kHz, those above, and what the network says of the former.
    private func heard(
        _ x: Tensor, _ auxiliary: Tensor?, _ form: SpectralForm
    ) -> (low: Tensor, high: Tensor, estimate: SpectralEstimate) {
        precondition(
            x.rank == 2 && (auxiliary.map { $0.shape == x.shape } ?? true),
            "SpectralUNet of \(x.summary): expected [N, L] and an auxiliary signal of the same shape")
        let spectrum = form.spectrum(of: x)
        let low = spectrum.sliced(axis: 2, from: 0, to: SpectralForm.bins)
        let other = auxiliary.map {
            SpectralForm.compressed(form.spectrum(of: $0).sliced(axis: 2, from: 0, to: SpectralForm.bins))
        }
        let high = spectrum.sliced(axis: 2, from: SpectralForm.bins)
        return (low, high, estimate(SpectralForm.compressed(low), auxiliary: other))
    }

    /// What is left of each frame between 6 and 8 kHz, at most 1: what lies above is treated alike, because hiss and
    /// fricatives both reach up there without a gap.
    /// - Shape: spectra `[N, 2, 256, T]` twice → `[N, 1, 1, T]`.
    private static func topGain(_ before: Tensor, _ after: Tensor) -> Tensor {
        func energy(_ spectrum: Tensor) -> Tensor {
            SpectralForm.power(of: spectrum.sliced(axis: 2, from: 192)).sum(axes: [2], keepingDimensions: true)
        }
        return (energy(after) / (energy(before) + 1e-12)).clamped(to: 0...1).sqrt()
    }
}
