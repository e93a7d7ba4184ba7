import Foundation
import HeirloomTensors

/// Twenty-four thirds of an octave, 80 Hz to 16 kHz, as far as a rate reaches.
struct ThirdOctaves {
    /// Middles in Hz.
    let centers: [Double]
    /// `[F, B]`: adds the powers of bins up.
    let grouping: Tensor

    /// Bands of spectra of `size` samples.
    init(sampleRate: Int, size: Int) {
        let edge = pow(2, 1.0 / 6)
        let centers = (-11...12).map { 1000 * pow(2, Double($0) / 3) }.filter { $0 < Double(sampleRate) / 2 }
        let rows = (0...size / 2).flatMap { bin in
            let frequency = Double(bin) * Double(sampleRate) / Double(size)
            return centers.map { Float($0 / edge <= frequency && frequency < $0 * edge ? 1 : 0) }
        }
        self.centers = centers
        grouping = Tensor(rows, shape: [size / 2 + 1, centers.count])
    }

    /// The long-term average spectrum of speech in dB, levels of thirds of an octave from 100 Hz to 6.3 kHz
    /// (Byrne et al. 1994).
    static let speech: [(frequency: Double, level: Double)] = [
        (100, 54.4), (125, 57.7), (160, 56.8), (200, 60.2), (250, 60.3), (315, 59.0), (400, 62.1), (500, 62.1),
        (630, 60.5), (800, 56.8), (1000, 53.7), (1250, 53.0), (1600, 52.0), (2000, 48.7), (2500, 48.1),
        (3150, 46.8), (4000, 45.6), (5000, 44.5), (6300, 44.3),
    ]

    /// A curve over bands, each value the mean of five with the middle ones counting more.
    static func smoothed(_ values: [Double]) -> [Double] {
        values.indices.map { index in
            let near = [-2, -1, 0, 1, 2].filter { values.indices.contains(index + $0) }
            let weight = near.reduce(0) { $0 + 3 - abs($1) }
            return near.reduce(0) { $0 + Double(3 - abs($1)) * values[index + $1] } / Double(weight)
        }
    }
}
