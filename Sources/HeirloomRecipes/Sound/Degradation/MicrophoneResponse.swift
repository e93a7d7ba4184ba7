import Foundation
import HeirloomTensors

/// What microphones and their inputs do to a spectrum: band limits, resonances, polarity, a clock that is a little off.
struct MicrophoneResponse {
    /// Complex `[rows, bins]` for signals of the length.
    let spectrum: Tensor

    init(_ recorders: [SoundRecorder], sampleRate: Int, length: Int, device: Device) {
        let bins = length / 2 + 1
        let frequency = counted(bins, device).unsqueezed(0) * (Double(sampleRate) / Double(length))
        func each(_ value: (SoundRecorder) -> Double) -> Tensor { column(recorders.map(value), device) }

        // The slopes below the band delay what is near them, as capacitors do: 1/(1 + u) with u = corner / (j f).
        let below = each(\.highPass) / frequency.clamped(to: 0.5...)
        let isSecond = each { $0.highPassOrder > 1 ? 1 : 0 }
        // First order 1 − j b; second order 1 − b² − j √2 b, whose reciprocals are taken together.
        let real = -isSecond * below.squared() + 1
        let imaginary = -below * (isSecond * (2.0.squareRoot() - 1) + 1)
        let one = Tensor.ones(real.shape, device: device)
        var response = Pair(one, one * 0) / Pair(real, imaginary)
        // Those above it do not: converters correct their delay. 1/√(1 + (f / corner)^2n).
        let above = (frequency / each { $0.lowPass ?? 1e9 }).clamped(to: 1e-6...).log()
        let gain = (above * each { -2 * Double($0.lowPassOrder) }).sigmoid().sqrt() * each { $0.isInverted ? -1 : 1 }
        response = Pair(response.real * gain, response.imaginary * gain)
        for place in 0..<(recorders.map(\.peaks.count).max() ?? 0) {
            // Peaking filters as analogue circuits have them: (1 − x² + j x A/Q) / (1 − x² + j x/(A Q)).
            let flat = SoundRecorder.Peak(frequency: 1000, gain: 0, quality: 1)
            func peak(_ value: (SoundRecorder.Peak) -> Double) -> Tensor {
                each { value($0.peaks.count > place ? $0.peaks[place] : flat) }
            }
            let x = frequency / peak(\.frequency)
            let height = peak { pow(10, $0.gain / 40) }
            let (middle, width) = (-x.squared() + 1, x / peak(\.quality))
            response = response * (Pair(middle, width * height) / Pair(middle, width / height))
        }
        if recorders.contains(where: { $0.delay != 0 }) {
            let angle = frequency * each { -2 * .pi * $0.delay }
            response = response * Pair(angle.cos(), angle.sin())
        }
        spectrum = stacked([response.real, response.imaginary], axis: -1).viewedAsComplex()
    }

    /// Complex numbers in two tensors.
    private struct Pair {
        let real: Tensor, imaginary: Tensor

        init(_ real: Tensor, _ imaginary: Tensor) {
            self.real = real
            self.imaginary = imaginary
        }

        static func * (a: Pair, b: Pair) -> Pair {
            let real = a.real * b.real - a.imaginary * b.imaginary
            let imaginary = a.real * b.imaginary + a.imaginary * b.real
            return Pair(real, imaginary)
        }

        static func / (a: Pair, b: Pair) -> Pair {
            let power = b.real.squared() + b.imaginary.squared()
            let real = a.real * b.real + a.imaginary * b.imaginary
            let imaginary = a.imaginary * b.real - a.real * b.imaginary
            return Pair(real / power, imaginary / power)
        }
    }
}
