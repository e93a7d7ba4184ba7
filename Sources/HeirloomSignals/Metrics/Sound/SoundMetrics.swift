import Foundation
public import HeirloomTensors

/// Measures of restored sound beside the true one, in the definitions that papers use.
///
/// Both signals are `[L]`, of the same length, rate and clock: ``SoundAlignment`` brings them there. All arithmetic is in
/// float64.
public enum SoundMetrics {
    /// Signal-to-distortion ratio in dB that does not depend on the estimate's level (Le Roux et al. 2019), means removed.
    public static func siSDR(reference: Tensor, estimate: Tensor) -> Double {
        let (r, e) = pair(reference, estimate)
        let (target, truth) = (e - e.mean(), r - r.mean())
        let energy = truth.squared().sum().item()
        let scale = (truth * target).sum().item() / (energy + tiny)
        return ratio(scale * scale * energy, (target - truth * scale).squared().sum().item())
    }

    /// Signal-to-distortion ratio in dB that forgives any linear filter of `taps` samples between the two, as BSS Eval 3
    /// does: another microphone's response or place costs nothing, noise and late echoes do.
    ///
    /// The filter begins `lead` samples before the reference; 512 and 128 at 16 kHz are 32 ms, 8 of them ahead.
    public static func sdrF(reference: Tensor, estimate: Tensor, taps: Int = 512, lead: Int = 128) -> Double {
        let (r, e) = pair(reference, estimate)
        let length = r.count + taps + lead
        let size = 1 << Int(Foundation.log2(Double(length + taps)).rounded(.up))
        let late = e.padded([lead, taps])
        let (source, result) = (r.realFFT(length: size), late.realFFT(length: size))
        let own = (source * source.conjugate()).inverseRealFFT(length: size)[0..<taps]
        let cross = (result * source.conjugate()).inverseRealFFT(length: size)[0..<taps]
        let places = Tensor.range(to: Double(taps), dtype: .float64)
        let lags = (places.unsqueezed(1) - places).abs().to(dtype: .int64).flattened()
        // The load on the diagonal keeps the system solvable for signals without some frequencies.
        let load = Tensor.identity(taps, dtype: .float64) * (own[0].item() * 1e-6 + tiny)
        let matrix = own.gatheredRows(axis: 0, lags).reshaped([taps, taps]) + load
        let filter = matrix.solve(cross.unsqueezed(1)).squeezed(1)
        let fitted = (filter.realFFT(length: size) * source).inverseRealFFT(length: size)[0..<length]
        return ratio(fitted.squared().sum().item(), (late - fitted).squared().sum().item())
    }

    /// Mean over 30 ms frames, three quarters overlapping, of their signal-to-noise ratios in dB, each limited to
    /// −10...35 (Hansen and Pellom 1998, as in Loizou's collection).
    /// - Returns: NaN for less than one frame.
    public static func segmentalSNR(reference: Tensor, estimate: Tensor, sampleRate: Int) -> Double {
        let (r, e) = pair(reference, estimate)
        let size = Int((0.03 * Double(sampleRate)).rounded())
        let step = size / 4
        let frames = r.count / step - size / step
        guard frames > 0 else { return .nan }
        let window = (Tensor.range(from: 1, to: Double(size + 1), dtype: .float64) * (2 * .pi / Double(size + 1))).cos()
        func energies(_ x: Tensor) -> Tensor {
            let cut = x.windows(axis: 0, size: size, step: step)[0..<frames]
            return (cut * (0.5 - window * 0.5)).squared().sum(axes: [1])
        }
        let epsilon = Double.ulpOfOne
        let ratios = (energies(r) / (energies(r - e) + epsilon) + epsilon).log10() * 10
        return ratios.clamped(to: -10...35).mean().item()
    }

    /// Root mean square difference in dB of the two power spectra, mean over frames: 64 ms frames at 16 kHz and below
    /// 30 kHz, 2048 samples above, half overlapping. Levels are matched first; what is 50 dB below the mean counts as
    /// silence.
    public static func logSpectralDistance(reference: Tensor, estimate: Tensor, sampleRate: Int) -> Double {
        let (r, e) = pair(reference, estimate)
        let size = sampleRate > 30_000 ? 2048 : 1024
        let (truth, result) = (powers(r, size), powers(e, size))
        let level = truth.sum().item() / (result.sum().item() + tiny)
        let floor = truth.mean().item() * 1e-5 + tiny
        let difference = ((truth + floor) / (result * level + floor)).log10() * 10
        return difference.squared().mean(axes: [1]).sqrt().mean().item()
    }

    /// Keeps quotients of nothing by nothing finite.
    private static let tiny = 1e-20

    /// A quotient of energies in dB.
    private static func ratio(_ signal: Double, _ noise: Double) -> Double {
        10 * Foundation.log10((signal + tiny) / (noise + tiny))
    }

    /// Power spectra `[frames, bins]` of half overlapping Hann windows, centred, zeros outside the signal, in units in
    /// which a full-scale sine is about a quarter.
    private static func powers(_ x: Tensor, _ size: Int) -> Tensor {
        let step = size / 2
        let rest = (step - x.count % step) % step
        let cut = x.padded([step, step + rest]).windows(axis: 0, size: size, step: step)
        let window = 0.5 - (Tensor.range(to: Double(size), dtype: .float64) * (2 * .pi / Double(size))).cos() * 0.5
        return ((cut * window).realFFT().abs() / window.sum()).squared()
    }

    /// Both signals in float64.
    static func pair(_ reference: Tensor, _ estimate: Tensor) -> (Tensor, Tensor) {
        precondition(
            reference.rank == 1 && reference.shape == estimate.shape && reference.count > 0,
            "\(estimate.summary) cannot be compared with \(reference.summary): both must be [L]")
        return (reference.to(dtype: .float64), estimate.to(dtype: .float64))
    }
}
