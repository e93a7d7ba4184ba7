import Foundation
public import HeirloomTensors

/// Which microphone the result should sound like: the one whose speech is nearest to speech as it is.
///
/// The loudest or cleanest channel is often one with a narrow band. The score compares the spectrum of the speech (loud
/// parts less the noise floor) in thirds of an octave with the long-term average spectrum of speech (Byrne et al. 1994).
public enum ReferenceChoice {
    /// What is known of a channel beforehand.
    public struct Faults: Sendable, Equatable {
        /// Whether a part of it is clipped.
        public var isClipped: Bool
        /// Whether parts are missing.
        public var hasGaps: Bool
        /// Whether it hums.
        public var hums: Bool
        /// The highest frequency that it holds, in Hz; nil: all.
        public var bandLimit: Double?

        /// A channel's faults.
        public init(isClipped: Bool = false, hasGaps: Bool = false, hums: Bool = false, bandLimit: Double? = nil) {
            self.isClipped = isClipped
            self.hasGaps = hasGaps
            self.hums = hums
            self.bandLimit = bandLimit
        }
    }

    /// A score for each channel, in dB of deviation and penalties: lower is better, infinite for silence.
    ///
    /// Flat microphones get 2 to 4, telephones 5 to 10. A channel is worse by 2 when clipped, by 1 when it has gaps, by
    /// a half when it hums, by 1 for each octave above 4 kHz that it lacks and another channel has, and by 0.1 for each dB
    /// by which speech stands less clear of the noise than in the clearest, beyond 3 dB.
    ///
    /// - Parameters:
    ///   - x: `[D, L]` at 16 kHz.
    ///   - faults: one for each channel, or none.
    public static func scores(_ x: Tensor, faults: [Faults] = []) -> [Double] {
        precondition(x.rank == 2, "the choice of a reference takes [D, L], not \(x.summary)")
        precondition(faults.isEmpty || faults.count == x.shape[0], "\(faults.count) faults for \(x.summary)")
        let compared = (0..<x.shape[0]).map { channel in
            withoutGradients { comparison(x.sliced(axis: 0, from: channel, to: channel + 1)) }
        }
        let clearest = compared.compactMap { $0?.range }.max() ?? 0
        let widest = faults.map { $0.bandLimit ?? 8000 }.max() ?? 8000
        return compared.enumerated().map { channel, comparison in
            guard let comparison else { return .infinity }
            var score = comparison.deviation + 0.1 * max(0, clearest - comparison.range - 3)
            guard !faults.isEmpty else { return score }
            let fault = faults[channel]
            score += (fault.isClipped ? 2 : 0) + (fault.hasGaps ? 1 : 0) + (fault.hums ? 0.5 : 0)
            return score + max(0, log2(widest / max(4000, fault.bandLimit ?? widest)))
        }
    }

    /// What the thirds of a channel `[1, L]` tell; nil for silence.
    private static func comparison(_ x: Tensor) -> SpeechSpectrum.Comparison? {
        let transform = ShortTimeTransform(length: 512, hop: 128)
        let matrix = SpeechSpectrum.bandMatrix(
            SpeechSpectrum.thirdEdges, bins: transform.frequencyCount, binWidth: 16000.0 / 512)
        var bands = [[Float]](repeating: [], count: SpeechSpectrum.thirds.count)
        // A minute at a time: only the powers of the bands are kept.
        let samples = x.shape[1]
        for start in stride(from: 0, to: samples, by: 960_000) {
            let part = x.sliced(axis: 1, from: start, to: min(samples, start + 960_000)).to(dtype: .float32)
            let clean = `where`(part.isFinite(), part, Tensor.zeros([1]))
            let powers = matrix.matmul(transform.forward(clean).channel(0).power)  // [K, T]
            let smooth = powers.shape[1] >= 4 ? powers.windows(axis: 1, size: 4, step: 1).mean(axes: [2]) : powers
            for band in bands.indices { bands[band] += smooth.channel(band).floats.filter { $0 > 1e-12 } }
        }
        // Less than a fifth of a second of sound says nothing.
        guard (bands.map(\.count).max() ?? 0) >= 25 else { return nil }
        return SpeechSpectrum.comparison(sorted: bands.map { $0.sorted() })
    }
}
