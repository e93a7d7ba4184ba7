import Foundation

/// A windowed sinc at many phases.
final class InterpolationKernel: Sendable {
    /// Samples on each side.
    let halfWidth: Int
    private let coefficients: [Float]

    static let phaseCount = 1024
    static let zeroCrossings = 32.0
    /// Where the band ends, of the lower Nyquist frequency.
    static let cutoff = 0.95
    static let kaiserBeta = 11.0

    /// A kernel.
    ///
    /// - Parameter scale: the output's rate over the input's, at most 1.
    init(scale: Double) {
        let bandwidth = Self.cutoff * scale
        let reach = Self.zeroCrossings / bandwidth
        // A multiple of four taps in all, for the unrolled loop.
        let half = (Int(reach.rounded(.up)) + 1) / 2 * 2
        halfWidth = half
        let width = 2 * half
        let norm = Self.bessel(Self.kaiserBeta)
        var values = [Float](repeating: 0, count: (Self.phaseCount + 1) * width)
        for phase in 0...Self.phaseCount {
            let fraction = Double(phase) / Double(Self.phaseCount)
            var row = [Double](repeating: 0, count: width)
            var sum = 0.0
            for tap in 0..<width {
                // Tap k lies at sample floor(p) − half + 1 + k.
                let distance = Double(tap - half + 1) - fraction
                let inside = 1 - (distance / reach) * (distance / reach)
                guard inside > 0 else { continue }
                let angle = Double.pi * distance * bandwidth
                let sinc = abs(angle) < 1e-9 ? 1 : sin(angle) / angle
                row[tap] = bandwidth * sinc * Self.bessel(Self.kaiserBeta * inside.squareRoot()) / norm
                sum += row[tap]
            }
            // Every phase passes a constant unchanged.
            for tap in 0..<width { values[phase * width + tap] = Float(row[tap] / sum) }
        }
        coefficients = values
    }

    /// The modified Bessel function of order 0.
    private static func bessel(_ x: Double) -> Double {
        var (sum, term, k) = (1.0, 1.0, 1.0)
        let quarter = x * x / 4
        while term > 1e-17 * sum {
            term *= quarter / (k * k)
            sum += term
            k += 1
        }
        return sum
    }

    /// The table for a tight loop.
    struct Table {
        let values: UnsafePointer<Float>
        let width: Int
        let phases: Float

        /// The value between samples `index` and `index + 1` of `source`, which reaches far enough on both sides.
        @inline(__always)
        func value(_ source: UnsafeBufferPointer<Float>, at index: Int, fraction: Float) -> Float {
            let place = fraction * phases
            let phase = Int(place)
            let weight = place - Float(phase)
            let x = source.baseAddress! + (index - width / 2 + 1)
            let a = values + phase * width
            let b = a + width
            var (s0, s1, s2, s3): (Float, Float, Float, Float) = (0, 0, 0, 0)
            var (t0, t1, t2, t3): (Float, Float, Float, Float) = (0, 0, 0, 0)
            var tap = 0
            while tap < width {
                let (x0, x1, x2, x3) = (x[tap], x[tap + 1], x[tap + 2], x[tap + 3])
                s0 += x0 * a[tap]
                s1 += x1 * a[tap + 1]
                s2 += x2 * a[tap + 2]
                s3 += x3 * a[tap + 3]
                t0 += x0 * b[tap]
                t1 += x1 * b[tap + 1]
                t2 += x2 * b[tap + 2]
                t3 += x3 * b[tap + 3]
                tap += 4
            }
            let low = (s0 + s1) + (s2 + s3)
            let high = (t0 + t1) + (t2 + t3)
            return low + weight * (high - low)
        }
    }

    /// Runs a loop over the table.
    func withTable<R>(_ body: (Table) -> R) -> R {
        coefficients.withUnsafeBufferPointer {
            body(Table(values: $0.baseAddress!, width: 2 * halfWidth, phases: Float(Self.phaseCount)))
        }
    }
}
