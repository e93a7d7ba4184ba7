import Foundation
public import HeirloomTensors

extension SoundMetrics {
    /// Short-time objective intelligibility (Taal et al. 2011), about 0 to 1, of speech.
    ///
    /// At 10 kHz, in 15 third-octave bands from 150 Hz, over 384 ms; frames 40 dB below the loudest of the reference are
    /// left out. Equal to the Python package pystoi.
    /// - Returns: 1e-5, as pystoi does, where less than 384 ms of speech are left.
    public static func stoi(reference: Tensor, estimate: Tensor, sampleRate: Int) -> Double {
        guard let (x, y) = intelligibilitySegments(reference, estimate, sampleRate) else { return unknown }
        let epsilon = Double.ulpOfOne
        let level = x.norm(axes: [2], keepingDimensions: true) / (y.norm(axes: [2], keepingDimensions: true) + epsilon)
        // No unit is counted as more than 15 dB off.
        let limited = (y * level).minimum(x * (1 + pow(10, 15.0 / 20)))
        func direction(_ segments: Tensor) -> Tensor {
            let centred = segments - segments.mean(axes: [2], keepingDimensions: true)
            return centred / (centred.norm(axes: [2], keepingDimensions: true) + epsilon)
        }
        return (direction(limited) * direction(x)).sum(axes: [2]).mean().item()
    }

    /// Extended short-time objective intelligibility (Jensen and Taal 2016), which also holds for noise that comes and goes.
    ///
    /// Equal to pystoi up to the noise of 1e-16 that it adds against division by zero.
    /// - Returns: 1e-5 where less than 384 ms of speech are left.
    public static func estoi(reference: Tensor, estimate: Tensor, sampleRate: Int) -> Double {
        guard let (x, y) = intelligibilitySegments(reference, estimate, sampleRate) else { return unknown }
        func normalized(_ segments: Tensor, _ axis: Int) -> Tensor {
            let centred = segments - segments.mean(axes: [axis], keepingDimensions: true)
            return centred / (centred.norm(axes: [axis], keepingDimensions: true) + Double.ulpOfOne)
        }
        func both(_ segments: Tensor) -> Tensor { normalized(normalized(segments, 2), 1) }
        return (both(x) * both(y)).sum(axes: [1]).mean().item()
    }

    private static let unknown = 1e-5

    /// Third-octave magnitudes `[segments, 15, 30]` of both, at 10 kHz and without the reference's silent frames.
    private static func intelligibilitySegments(
        _ reference: Tensor, _ estimate: Tensor, _ sampleRate: Int
    ) -> (Tensor, Tensor)? {
        var (r, e) = pair(reference, estimate)
        if sampleRate != 10_000 {
            let filter = RationalResampling.octave(from: sampleRate, to: 10_000)
            (r, e) = (filter.resampled(r), filter.resampled(e))
        }
        let (size, step, length) = (256, 128, 30)
        // One frame fewer than fit: the published implementation's habit.
        func count(_ x: Tensor) -> Int { max(0, (x.count - size + step - 1) / step) }
        guard count(r) > 0 else { return nil }
        let window = 0.5 - (Tensor.range(from: 1, to: 257, dtype: .float64) * (2 * .pi / 257)).cos() * 0.5
        func frames(_ x: Tensor) -> Tensor { x.windows(axis: 0, size: size, step: step)[0..<count(x)] * window }
        let cut = frames(r)
        let levels = (cut.norm(axes: [1]) + Double.ulpOfOne).log10() * 20
        let loud = levels .> (levels.max().item() - 40)
        let places = Tensor.range(to: Double(levels.count), dtype: .int64).masked(loud)
        guard places.count > 0 else { return nil }
        func spectra(_ x: Tensor) -> Tensor? {
            let kept = joined(frames(x).gatheredRows(axis: 0, places), step: step)
            guard count(kept) >= length else { return nil }
            let power = frames(kept).realFFT(length: 512).abs().squared()
            let bands = power.matmul(thirdOctaves().transposed([1, 0])).sqrt()
            return bands.windows(axis: 0, size: length, step: 1)
        }
        guard let x = spectra(r), let y = spectra(e) else { return nil }
        return (x, y)
    }

    /// Half overlapping frames `[n, 2·step]` added up.
    private static func joined(_ frames: Tensor, step: Int) -> Tensor {
        let first = frames.sliced(axis: 1, from: 0, to: step).flattened()
        let second = frames.sliced(axis: 1, from: step).flattened()
        return first.padded([0, step]) + second.padded([step, 0])
    }

    /// Which bins of a 512-point transform at 10 kHz belong to which of the 15 bands: `[15, 257]`.
    private static func thirdOctaves() -> Tensor {
        func bin(_ frequency: Double) -> Int { Int((frequency * 512 / 10_000).rounded()) }
        let rows = (0..<15).flatMap { band in
            let low = bin(150 * pow(2, Double(2 * band - 1) / 6))
            let high = bin(150 * pow(2, Double(2 * band + 1) / 6))
            return (0...256).map { low <= $0 && $0 < high ? 1.0 : 0 }
        }
        return Tensor(rows, shape: [15, 257])
    }
}
