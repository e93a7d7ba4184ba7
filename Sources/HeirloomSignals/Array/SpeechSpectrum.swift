import Foundation
import HeirloomTensors

/// The long-term average spectrum of speech, and how far a recording is from it.
enum SpeechSpectrum {
    /// Middles of thirds of an octave, in Hz.
    static let thirds: [Double] = [
        100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300,
    ]

    /// The level of speech in each, in dB (Byrne et al. 1994, both sexes, 70 dB overall).
    static let levels: [Double] = [
        54.4, 57.7, 56.8, 60.2, 60.3, 59.0, 62.1, 62.1, 60.5, 56.8, 53.7, 53.0, 52.0, 48.7, 48.1, 46.8, 45.6, 44.5,
        44.3,
    ]

    /// The edges of the thirds.
    static let thirdEdges: [(Double, Double)] = thirds.map { ($0 * exp2(-1.0 / 6), $0 * exp2(1.0 / 6)) }

    /// The edges of 24 bands that are equally wide to the ear, from 80 Hz to 8 kHz (Glasberg, Moore 1990).
    static let earEdges: [(Double, Double)] = {
        func rate(_ f: Double) -> Double { 21.4 * log10(1 + 0.00437 * f) }
        let (low, high) = (rate(80), rate(8000))
        let edges = (0...24).map { (pow(10, (low + (high - low) * Double($0) / 24) / 21.4) - 1) / 0.00437 }
        return Array(zip(edges, edges.dropFirst()))
    }()

    /// The mean power in bands: a matrix `[K, F]` for powers of bins; a band between two bins takes the nearest.
    static func bandMatrix(_ edges: [(Double, Double)], bins: Int, binWidth: Double) -> Tensor {
        var values = [Float](repeating: 0, count: edges.count * bins)
        for (band, edge) in edges.enumerated() {
            var first = Int((edge.0 / binWidth).rounded(.up))
            var last = Int((edge.1 / binWidth).rounded(.up)) - 1
            if last < first {
                first = Int(((edge.0 + edge.1) / 2 / binWidth).rounded())
                last = first
            }
            for bin in min(first, bins - 1)...min(max(first, last), bins - 1) {
                values[band * bins + bin] = 1 / Float(max(1, last - first + 1))
            }
        }
        return Tensor(values, shape: [edges.count, bins])
    }

    /// What the loud and the quiet parts of the thirds tell.
    struct Comparison {
        /// The deviation from the spectrum of speech in dB, weighted by how much each band is speech.
        let deviation: Double
        /// The mean ratio of loud to quiet parts in dB.
        let range: Double
    }

    /// How much each third is speech, 0.1 to 1: by how far loud parts stand above quiet ones.
    static func weights(sorted: [[Float]]) -> [Double] { sorted.map { min(1, max(0.1, range($0) / 15)) } }

    private static func range(_ values: [Float]) -> Double {
        let (low, high) = (percentile(values, 0.1), percentile(values, 0.9))
        return 10 * log10(max(high, 1e-30) / max(low, 1e-6 * high, 1e-30))
    }

    /// Compares powers in the thirds, `[19][frames]`, each sorted in ascending order and without silence.
    static func comparison(sorted: [[Float]], weights: [Double]? = nil) -> Comparison {
        var deviations: [Double] = []
        for (band, values) in sorted.enumerated() {
            let (low, high) = (percentile(values, 0.1), percentile(values, 0.9))
            let width = thirdEdges[band].1 - thirdEdges[band].0
            let speech = max(high - 1.3 * low, 1e-6 * high, 1e-30)
            deviations.append(10 * log10(speech * width) - levels[band])
        }
        let median = deviations.sorted()[deviations.count / 2]
        var (sum, total) = (0.0, 0.0)
        for (deviation, weight) in zip(deviations, weights ?? self.weights(sorted: sorted)) {
            let clipped = min(20, max(-20, deviation - median))
            sum += weight * clipped * clipped
            total += weight
        }
        return Comparison(
            deviation: (sum / total).squareRoot(),
            range: sorted.map(range).reduce(0, +) / Double(sorted.count))
    }

    /// A percentile of sorted numbers; 0 of none.
    static func percentile(_ sorted: [Float], _ share: Double) -> Double {
        guard let last = sorted.last else { return 0 }
        let place = share * Double(sorted.count - 1)
        let index = min(sorted.count - 1, Int(place))
        let next = index + 1 < sorted.count ? sorted[index + 1] : last
        return Double(sorted[index]) + (place - Double(index)) * Double(next - sorted[index])
    }
}
