import Foundation
import HeirloomSignals
import HeirloomTensors

/// How clearly speech stands out of what is around it, judged without knowing the truth: how far the loud moments of 24
/// bands of the ear lie above the quiet ones.
enum SpeechClarity {
    /// 0 for steady noise, 1 for speech in silence.
    ///
    /// - Parameters:
    ///   - samples: at least a second of sound.
    ///   - rate: samples per second.
    static func score(_ samples: [Float], rate: Int) -> Double? {
        guard samples.count >= rate else { return nil }
        let transform = ShortTimeTransform(sampleRate: rate, hop: 0.016, overlap: 2)
        let spectrum = transform.forward(Tensor(samples, shape: [1, samples.count])).selected(axis: 0, index: 0)
        let power = spectrum.power()  // [F, T]
        let binWidth = Double(rate) / Double(transform.length)
        let scores = edges.filter { $0.1 <= Double(rate) / 2 }.map { edge -> Double in
            let first = Int((edge.0 / binWidth).rounded(.up))
            let last = max(first + 1, Int((edge.1 / binWidth).rounded(.up)))
            let band = power.sliced(axis: 0, from: first, to: min(last, power.shape[0])).sum(axes: [0])
            let (low, high) = (band.quantile(0.1, axis: 0).item(), band.quantile(0.9, axis: 0).item())
            return min(1, max(0, (10 * log10(max(high, 1e-20) / max(low, 1e-20)) - 6) / 24))
        }
        return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
    }

    /// Bands that are equally wide to the ear, from 80 Hz to 8 kHz (Glasberg, Moore 1990).
    private static let edges: [(Double, Double)] = {
        let rate = { (hertz: Double) in 21.4 * log10(1 + 0.00437 * hertz) }
        let (low, high) = (rate(80), rate(8000))
        let places = (0...24).map { (pow(10, (low + (high - low) * Double($0) / 24) / 21.4) - 1) / 0.00437 }
        return Array(zip(places, places.dropFirst()))
    }()
}
