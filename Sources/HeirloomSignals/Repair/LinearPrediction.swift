import Foundation
import HeirloomTensors

/// A signal described by how each sample follows from those before it.
struct LinearPrediction {
    /// The prediction error filter: 1, a₁, …, aₚ.
    let coefficients: [Float]

    /// How many samples before one are looked at.
    var order: Int { coefficients.count - 1 }

    /// Fits it to samples by the autocorrelation method, Hann-windowed; nil for silence.
    init?(_ samples: [Float], order: Int) {
        let count = samples.count
        guard count > 2 * order else { return nil }
        let angles = (Tensor.range(to: Double(count), dtype: .float64) + 0.5) * (2 * .pi / Double(count))
        let windowed = Tensor(samples).to(dtype: .float64) * (0.5 - angles.cos() * 0.5)
        // Twice the length: the correlation does not run into itself.
        let power = windowed.realFFT(length: 2 * count).abs().squared()
        let lags = power.to(dtype: .complex128).inverseRealFFT(length: 2 * count)
            .sliced(axis: 0, from: 0, to: order + 1).scalars(as: Double.self)
        guard lags[0] > 1e-12 else { return nil }
        // White noise 90 dB below keeps the recursion stable for pure tones.
        var error = lags[0] * (1 + 1e-9)
        var a = [Double](repeating: 0, count: order + 1)
        a[0] = 1
        for m in 1...order {
            var sum = lags[m]
            for k in 1..<m { sum += a[k] * lags[m - k] }
            let reflection = -sum / error
            let before = a
            for k in 1..<m { a[k] = before[k] + reflection * before[m - k] }
            a[m] = reflection
            error *= 1 - reflection * reflection
            guard error > 0 else { return nil }
        }
        coefficients = a.map { Float($0) }
    }

    /// How badly each sample follows from those before it (`ahead`) or after it: zero where too few of them are known.
    func errors(_ x: [Float], ahead: Bool) -> [Float] {
        guard x.count > 2 * order else { return [Float](repeating: 0, count: x.count) }
        let weights = Tensor(ahead ? coefficients.reversed() : coefficients, shape: [1, 1, order + 1])
        let known = Tensor(x, shape: [1, 1, x.count]).conv1d(weights).floats
        let unknown = [Float](repeating: 0, count: order)
        return ahead ? unknown + known : known + unknown
    }

    /// Replaces samples by those that make the whole most predictable from its past (Janssen et al. 1986).
    /// - Parameter places: ascending; at least as many samples as the order lie before the first and behind the last.
    func interpolate(_ x: inout [Float], _ places: [Int]) {
        // Places farther apart than the order have nothing to do with each other.
        var first = 0
        for index in places.indices where index + 1 == places.count || places[index + 1] - places[index] > order {
            fill(&x, Array(places[first...index]))
            first = index + 1
        }
    }

    private func fill(_ x: inout [Float], _ places: [Int]) {
        let n = places.count
        let a = coefficients.map(Double.init)
        let products = (0...order).map { lag in (0...order - lag).reduce(0.0) { $0 + a[$1] * a[$1 + lag] } }
        let unknown = Set(places)
        var matrix = [Double](repeating: 0, count: n * n)
        var right = [Double](repeating: 0, count: n)
        for (row, place) in places.enumerated() {
            for (column, other) in places.enumerated() where abs(place - other) <= order {
                matrix[row * n + column] = products[abs(place - other)]
            }
            for lag in -order...order where !unknown.contains(place + lag) {
                right[row] -= products[abs(lag)] * Double(x[place + lag])
            }
        }
        guard Self.solve(&matrix, &right, n) else { return }
        for (row, place) in places.enumerated() { x[place] = Float(right[row]) }
    }

    /// Solves a positive definite system in place by Cholesky's factors; false if it is not one.
    private static func solve(_ m: inout [Double], _ b: inout [Double], _ n: Int) -> Bool {
        for j in 0..<n {
            var pivot = m[j * n + j]
            for k in 0..<j { pivot -= m[j * n + k] * m[j * n + k] }
            guard pivot > 0 else { return false }
            let root = pivot.squareRoot()
            m[j * n + j] = root
            for i in j + 1..<max(n, j + 1) {
                var sum = m[i * n + j]
                for k in 0..<j { sum -= m[i * n + k] * m[j * n + k] }
                m[i * n + j] = sum / root
            }
        }
        for i in 0..<n {
            for k in 0..<i { b[i] -= m[i * n + k] * b[k] }
            b[i] /= m[i * n + i]
        }
        for i in (0..<n).reversed() {
            for k in i + 1..<max(n, i + 1) { b[i] -= m[k * n + i] * b[k] }
            b[i] /= m[i * n + i]
        }
        return true
    }
}
