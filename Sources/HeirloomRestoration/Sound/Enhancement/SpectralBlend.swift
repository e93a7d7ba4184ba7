import Foundation
import HeirloomSignals
import HeirloomTensors

/// Brings what a network made of one channel into all channels of a recording, as much of it as the settings say.
///
/// All channels get the same gains, so that nothing moves between left and right. What lies above the network's band gets
/// the gain of the highest octave that it has.
struct SpectralBlend {
    /// The frames: 32 ms of Hann's window every 8 ms.
    let transform: ShortTimeTransform
    private let settings: EnhancementSettings
    /// Bins of the highest octave that the network hears, and weights of its opinion by bin; nil where it hears all.
    private let top: (octave: Range<Int>, weights: [Float])?

    /// Prepares for recordings of a rate.
    /// - Parameter networkRate: Samples in a second of what the network takes.
    init(_ settings: EnhancementSettings, sampleRate: Int, networkRate: Int) {
        self.settings = settings
        let transform = ShortTimeTransform(sampleRate: sampleRate, hop: 0.008)
        self.transform = transform
        guard sampleRate != networkRate else {
            top = nil
            return
        }
        // Resampling fades out a little below half the lower rate.
        let edge = Double(min(sampleRate, networkRate)) / 2
        let (from, to) = (0.87 * edge, 0.93 * edge)
        func bin(_ hertz: Double) -> Int { Int(hertz * Double(transform.length) / Double(sampleRate)) }
        let weights = (0..<transform.frequencyCount).map { index in
            let hertz = transform.frequency(ofBin: index, sampleRate: sampleRate)
            return Float(min(max((to - hertz) / (to - from), 0), 1))
        }
        top = (bin(from / 2)..<max(bin(from / 2) + 1, bin(from)), weights)
    }

    /// Blends.
    /// - Parameters:
    ///   - channels: The recording, `[C, L]`.
    ///   - mid: Their mean, which the network was shown, `[1, L]`.
    ///   - cleaned: What it made of it, `[1, L]`.
    /// - Returns: `[C, L]`.
    func callAsFunction(_ channels: Tensor, mid: Tensor, cleaned: Tensor) -> Tensor {
        let length = channels.shape[1]
        let spectra = transform.forward(concatenated([mid, cleaned], axis: 0))
        let heard = spectra.sliced(axis: 0, from: 0, to: 1)  // [1, F, T]
        let mixed = spectra.sliced(axis: 0, from: 1) * settings.strength + heard * (1 - settings.strength)
        let wanted = limited(bounded(mixed, heard), heard)
        guard channels.shape[0] > 1 else { return transform.inverse(wanted, length: length) }
        let each = transform.forward(channels)
        return transform.inverse(each * gains(wanted, heard, each), length: length)
    }

    /// With the top band treated like what lies below it, and nothing where there was nothing.
    private func bounded(_ wanted: Tensor, _ heard: Tensor) -> Tensor {
        var wanted = wanted
        if let top {
            func energy(_ spectrum: Tensor) -> Tensor {
                spectrum.sliced(axis: 1, from: top.octave.lowerBound, to: top.octave.upperBound).power()
                    .sum(axes: [1], keepingDimensions: true)
            }
            let gain = (energy(wanted) / (energy(heard) + 1e-20)).sqrt().clamped(to: 0...1)  // [1, 1, T]
            let weights = Tensor(top.weights, shape: [1, top.weights.count, 1])
            wanted = wanted * weights + heard * ((1 - weights) * gain)
        }
        // Bins that are empty but for clicks lie above the band of the recording.
        let power = heard.power()
        let peaks = power.quantile(0.95, axis: 2, keepingDimensions: true)  // [1, F, 1]
        let isEmpty = (peaks .<= peaks.max(axes: [1], keepingDimensions: true) * 1e-8).to(dtype: .float32)
        let excess = (power / (wanted.power() + 1e-30)).sqrt().clamped(to: 0...1)
        return wanted * (1 - isEmpty * (1 - excess))
    }

    /// With everything turned down by at most the limit.
    private func limited(_ wanted: Tensor, _ heard: Tensor) -> Tensor {
        guard let limit = settings.limit else { return wanted }
        let floor = Double.dB(-limit)
        let isBelow = (wanted.power() .< heard.power() * (floor * floor)).to(dtype: .float32)
        return wanted * (1 - isBelow) + heard * (isBelow * floor)
    }

    /// What turns the mean into what is wanted, as far as the mean knows of the channels: where they cancel each other in it,
    /// the gain of the frame.
    private func gains(_ wanted: Tensor, _ heard: Tensor, _ each: Tensor) -> Tensor {
        let power = heard.power()
        let present = each.power().mean(axes: [0], keepingDimensions: true)
        let tiny = present.max(axes: [1, 2], keepingDimensions: true) * 1e-12 + 1e-30
        let gain = wanted * heard.conjugate() / (power + tiny)
        // Twice as loud at most, as where the mean nearly vanishes.
        let size = gain.power().sqrt()
        let bounded = gain * (2 / size.clamped(to: 2...))
        func frame(_ power: Tensor) -> Tensor { power.sum(axes: [1], keepingDimensions: true) }
        let some = frame(present) * 1e-3 + tiny
        let whole = ((frame(wanted.power()) + some) / (frame(power) + some)).sqrt().clamped(to: 0...1)
        let trust = (power / (present * 0.05 + tiny)).clamped(to: 0...1)
        return bounded * trust + whole * (1 - trust)
    }
}

extension Tensor {
    /// Squared magnitudes of a complex tensor.
    func power() -> Tensor { real().squared() + imaginary().squared() }
}

extension Double {
    /// The factor of a level in dB.
    static func dB(_ level: Double) -> Double { pow(10, level / 20) }
}
