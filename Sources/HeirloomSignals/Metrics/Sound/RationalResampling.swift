import Foundation
public import HeirloomTensors

/// Another rate for a whole signal, by a filter of given shape: for measures, whose values depend on the filter.
///
/// Files are converted by the media layer; this exists because published figures belong to their own resamplers.
public struct RationalResampling {
    private let up: Int
    private let down: Int
    /// The prototype at `up` times the source's rate, odd, symmetric, its sum `up`.
    private let prototype: [Double]

    /// The filter that GNU Octave's `resample` takes, as STOI is defined with: 60 dB, transition a tenth of the band.
    public static func octave(from source: Int, to target: Int) -> RationalResampling {
        let (up, down) = reduced(target, source)
        let cutoff = 1 / (2 * Double(max(up, down)))
        let half = Int((52 / (28.714 * cutoff / 10)).rounded(.up))
        return RationalResampling(up: up, down: down, half: half, cutoff: 2 * cutoff, beta: 0.1102 * (60 - 8.7))
    }

    /// Ten zero crossings on each side under a Kaiser window of 10: SciPy's `resample_poly` with that window.
    public static func kaiser(from source: Int, to target: Int) -> RationalResampling {
        let (up, down) = reduced(target, source)
        let rate = max(up, down)
        return RationalResampling(up: up, down: down, half: 10 * rate, cutoff: 1 / Double(rate), beta: 10)
    }

    private init(up: Int, down: Int, half: Int, cutoff: Double, beta: Double) {
        self.up = up
        self.down = down
        let floor = Self.bessel(beta)
        let taps = (-half...half).map { index in
            let x = Double(index)
            let phase = .pi * cutoff * x
            let edge = x / Double(half)
            return (index == 0 ? 1 : sin(phase) / phase) * Self.bessel(beta * (1 - edge * edge).squareRoot()) / floor
        }
        let sum = taps.reduce(0, +)
        prototype = taps.map { $0 * Double(up) / sum }
    }

    /// The signal at the new rate, without delay; `ceil(L · up / down)` samples.
    /// - Shape: `[L]` → `[L']`, in the input's type.
    public func resampled(_ x: Tensor) -> Tensor {
        guard up != down else { return x }
        let count = (x.count * up + down - 1) / down
        let half = prototype.count / 2
        // Output m = r + up·j needs inputs around (r·down) / up + down·j: each phase r is a filter with stride `down`.
        let reach = half / up + 1
        let width = 2 * reach + down + 1
        let weights = (0..<up).flatMap { phase in
            (0..<width).map { tap -> Double in
                let place = half + phase * down - (tap - reach) * up
                return prototype.indices.contains(place) ? prototype[place] : 0
            }
        }
        let steps = (count + up - 1) / up
        let padded = x.padded([reach, max(0, (steps - 1) * down + width - reach - x.count)])
        let filters = Tensor(weights, shape: [up, 1, width]).to(dtype: x.dtype)
        let phases = padded.reshaped([1, 1, -1]).conv1d(filters, stride: down)
        return phases[0].transposed([1, 0]).flattened()[0..<count]
    }

    private static func reduced(_ a: Int, _ b: Int) -> (Int, Int) {
        precondition(a > 0 && b > 0, "a rate of \(min(a, b)) Hz")
        var (x, y) = (a, b)
        while y != 0 { (x, y) = (y, x % y) }
        return (a / x, b / x)
    }

    /// The modified Bessel function of the first kind and order 0.
    static func bessel(_ x: Double) -> Double {
        var (term, sum, k) = (1.0, 1.0, 1.0)
        while term > sum * 1e-17 {
            term *= (x / (2 * k)) * (x / (2 * k))
            sum += term
            k += 1
        }
        return sum
    }
}
