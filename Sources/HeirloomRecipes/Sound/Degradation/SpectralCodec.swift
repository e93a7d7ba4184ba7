import Foundation
import HeirloomTensors

/// What codecs at low rates and noise suppression in phones do, imitated on short-time spectra.
struct SpectralCodec {
    let sampleRate: Int

    /// Drops what a codec at a low rate drops: the top of the band, what is far below its surroundings; the rest in coarse
    /// steps of level.
    ///
    /// - Parameter numbers: three in 0..<1 for each row of `[rows, L]`: band, threshold, coarseness.
    func banded(_ x: Tensor, _ numbers: [[Double]]) -> Tensor {
        transformed(x) { spectrum in
            let frequency = frequencies(spectrum)
            let level = spectrum.abs() + 1e-7
            let device = x.device
            func each(_ place: Int, _ low: Double, _ high: Double) -> Tensor {
                column(numbers.map { low + (high - low) * $0[place] }, device).unsqueezed(2)
            }
            // The threshold falls towards high frequencies, as speech does.
            let loudest = level.max(axes: [1], keepingDimensions: true)
            let below = each(1, 22, 42) + frequency / 1000 * 2
            let isHeard = (level .> (loudest * (below * (-Foundation.log(10) / 20)).exp())).to(dtype: .float32)
            let isInBand = (frequency .< each(0, 3500, 9000)).to(dtype: .float32)
            let step = each(2, 0.1, 0.5)
            let coarse = ((level.log() / step).rounded() * step).exp()
            return spectrum * (coarse / level * isHeard * isInBand)
        }
    }

    /// Subtracts what it takes for noise, too much of it, and leaves islands of it: musical noise.
    ///
    /// - Parameter numbers: three in 0..<1 for each row of `[rows, L]`: excess, what is left, unused.
    func suppressed(_ x: Tensor, _ numbers: [[Double]]) -> Tensor {
        transformed(x) { spectrum in
            let level = spectrum.abs() + 1e-7
            let noise = level.sorted(axis: 2).values.sliced(axis: 2, from: level.shape[2] / 5).sliced(
                axis: 2, from: 0, to: 1)
            let excess = column(numbers.map { 1.5 + 2 * $0[0] }, x.device).unsqueezed(2)
            let floor = column(numbers.map { 0.02 + 0.15 * $0[1] }, x.device).unsqueezed(2)
            let gain = 1 - excess * noise / level
            return spectrum * `where`(gain .> floor, gain, floor + 0 * gain)
        }
    }

    private func frequencies(_ spectrum: Tensor) -> Tensor {
        let bins = spectrum.shape[1]
        return counted(bins, spectrum.device).reshaped([1, bins, 1])
            * (Double(sampleRate) / 2 / Double(bins - 1))
    }

    private func transformed(_ x: Tensor, _ treatment: (Tensor) -> Tensor) -> Tensor {
        let size = 512 * max(1, sampleRate / 16_000)
        let window = hannWindow(size, device: x.device)
        let spectrum = treatment(x.stft(size, hop: size / 4, window: window))
        return spectrum.inverseSTFT(size, hop: size / 4, window: window, length: x.shape[1])
    }
}

/// A periodic Hann window.
func hannWindow(_ size: Int, device: Device) -> Tensor {
    (1 - (counted(size, device) * (2 * Double.pi / Double(size))).cos()) * 0.5
}
