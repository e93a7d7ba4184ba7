import Foundation
import HeirloomTensors

/// Sees to it that the combined signal is not worse than the reference alone, judged without knowing the truth.
///
/// In blocks of some seconds both are compared by how far loud parts stand above quiet ones in 24 bands of the ear, less
/// a share of the deviation from the spectrum of speech.
struct ReferenceGuard {
    /// Seconds in a block.
    var block = 8.0
    /// How much worse the beam may be.
    var tolerance = 0.03
    /// Seconds over which the signals fade.
    var fade = 0.5

    /// The powers that a signal is judged by: `[24 + 19, T]`, from complex `[F, T]` with a bin width in Hz.
    static func powers(_ spectrum: Tensor, binWidth: Double) -> Tensor {
        let bins = min(spectrum.shape[0], Int(8000 / binWidth) + 1)
        let matrix = SpeechSpectrum.bandMatrix(
            SpeechSpectrum.earEdges + SpeechSpectrum.thirdEdges, bins: bins, binWidth: binWidth)
        return matrix.matmul(spectrum.sliced(axis: 0, from: 0, to: bins).power)
    }

    /// The ranges of frames in which the reference is better; frames without a reference are left to the beam.
    func worse(beam: Tensor, reference: Tensor, present: [Bool], framesPerSecond: Double) -> [Range<Int>] {
        let frames = beam.shape[1]
        let size = max(1, Int(block * framesPerSecond))
        // The rest joins the last block.
        let count = max(1, frames / size)
        var result: [Range<Int>] = []
        for index in 0..<count {
            let range = (index * size)..<(index + 1 == count ? frames : (index + 1) * size)
            let kept = range.filter { present[$0] }
            guard kept.count * 2 > range.count else { continue }
            guard compared(beam, reference, Tensor(kept.map(Int64.init))) < -tolerance else { continue }
            if let last = result.last, last.upperBound == range.lowerBound {
                result[result.count - 1] = last.lowerBound..<range.upperBound
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// By how much the beam is better than the reference.
    ///
    /// Bands weigh the same in both deviations, as much as in the clearer one: else a signal whose noise hides its spectrum
    /// would pass for the more natural one.
    private func compared(_ beam: Tensor, _ reference: Tensor, _ frames: Tensor) -> Double {
        let (own, alone) = (sortedRows(beam, frames), sortedRows(reference, frames))
        let ears = SpeechSpectrum.earEdges.count
        let thirds = [own, alone].map { Array($0.dropFirst(ears)) }
        let weights = zip(SpeechSpectrum.weights(sorted: thirds[0]), SpeechSpectrum.weights(sorted: thirds[1])).map(max)
        let deviations = thirds.map { SpeechSpectrum.comparison(sorted: $0, weights: weights).deviation }
        // A filter attenuates where the channels have little in common, which is 2 to 3 dB of deviation in good beams.
        let excess = max(0, deviations[0] - deviations[1] - 4)
        return clarity(own.prefix(ears)) - clarity(alone.prefix(ears)) - 0.05 * excess
    }

    private func clarity(_ rows: ArraySlice<[Float]>) -> Double {
        rows.map { row in
            let (low, high) = (SpeechSpectrum.percentile(row, 0.1), SpeechSpectrum.percentile(row, 0.9))
            return min(1, max(0, (10 * log10(max(high, 1e-20) / max(low, 1e-20)) - 6) / 24))
        }.reduce(0, +) / Double(rows.count)
    }

    private func sortedRows(_ powers: Tensor, _ frames: Tensor) -> [[Float]] {
        let sorted = powers.gatheredRows(axis: 1, frames).sorted(axis: 1).values
        let (count, all) = (sorted.shape[1], sorted.floats)
        return (0..<sorted.shape[0]).map { Array(all[($0 * count)..<(($0 + 1) * count)]) }
    }

    /// How much the reference counts at each sample of ranges of samples: `[L]`.
    func gains(_ ranges: [Range<Int>], samples: Int, sampleRate: Int) -> Tensor {
        let length = max(1, Int(fade * Double(sampleRate)))
        let time = Tensor.range(to: Double(samples))
        var sum = Tensor.zeros([samples])
        for range in ranges {
            // A ramp on both sides, centred on the edge; none at the ends of the interval.
            let rise =
                range.lowerBound == 0
                ? Tensor.ones([samples]) : ((time - Double(range.lowerBound)) / Double(length) + 0.5).clamped(to: 0...1)
            let fall =
                range.upperBound >= samples
                ? Tensor.ones([samples]) : (0.5 - (time - Double(range.upperBound)) / Double(length)).clamped(to: 0...1)
            sum += rise.minimum(fall)
        }
        return sum.clamped(to: 0...1)
    }
}
