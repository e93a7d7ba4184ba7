import Foundation

/// A recursive filter of second order, in Double.
struct Biquad {
    private let b0, b1, b2, a1, a2: Double
    private var z1 = 0.0
    private var z2 = 0.0

    /// A notch whose width at −3 dB is the frequency divided by `q`.
    static func notch(_ frequency: Double, q: Double, sampleRate: Int) -> Biquad {
        let (cosine, alpha) = parameters(frequency, sampleRate, q: q)
        return Biquad(1, -2 * cosine, 1, 1 + alpha, -2 * cosine, 1 - alpha)
    }

    /// Bilinear designs after Bristow-Johnson's collection.
    private static func parameters(_ frequency: Double, _ sampleRate: Int, q: Double) -> (Double, Double) {
        precondition(
            frequency > 0 && frequency < Double(sampleRate) / 2, "\(frequency) Hz at a rate of \(sampleRate) Hz")
        let angle = 2 * .pi * frequency / Double(sampleRate)
        return (cos(angle), sin(angle) / (2 * q))
    }

    private init(_ b0: Double, _ b1: Double, _ b2: Double, _ a0: Double, _ a1: Double, _ a2: Double) {
        (self.b0, self.b1, self.b2, self.a1, self.a2) = (b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0)
    }

    /// Filters in place and keeps the state.
    mutating func process(_ samples: UnsafeMutableBufferPointer<Double>) {
        var (s1, s2) = (z1, z2)
        for index in samples.indices {
            let x = samples[index]
            let y = b0 * x + s1
            s1 = b1 * x - a1 * y + s2
            s2 = b2 * x - a2 * y
            samples[index] = y
        }
        // Numbers too small to be normal would slow everything down in long silences.
        (z1, z2) = (abs(s1) < 1e-30 ? 0 : s1, abs(s2) < 1e-30 ? 0 : s2)
    }
}
