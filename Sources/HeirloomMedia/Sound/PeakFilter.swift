import Foundation

/// Finds the peaks of a signal oversampled 4 times: the values between samples by a windowed sinc of 48 taps a phase.
struct PeakFilter {
    /// Taps on each side of a place between two samples.
    static let half = 24

    /// The taps of the three phases between samples, six times eight for each.
    private let taps: [SIMD8<Float>]
    /// The most that a phase can make of samples within ±1.
    private let reach: Float

    init() {
        let half = PeakFilter.half
        var largest = 0.0
        let phases = [0.25, 0.5, 0.75].map { offset in
            let taps = (0..<2 * half).map { tap -> Double in
                let distance = Double(tap - half + 1) - offset
                let angle = Double.pi * distance
                return sin(angle) / angle * PeakFilter.window(distance / Double(half))
            }
            let sum = taps.reduce(0, +)
            largest = max(largest, taps.reduce(0) { $0 + abs($1) } / sum)
            return taps.map { Float($0 / sum) }
        }
        taps = phases.flatMap { phase in
            stride(from: 0, to: phase.count, by: 8).map { SIMD8(phase[$0..<$0 + 8]) }
        }
        reach = Float(largest)
    }

    /// Raises peaks to the magnitudes of samples, and the values behind them to the peaks before the next sample.
    ///
    /// - Parameters:
    ///   - source: samples, beginning where `from` is 0; `half` more follow than are looked at.
    ///   - threshold: stretches that cannot exceed it are left at 0.
    func raise(
        _ peaks: UnsafeMutableBufferPointer<Float>, _ between: UnsafeMutableBufferPointer<Float>,
        over source: UnsafeBufferPointer<Float>, from: Int, threshold: Float
    ) {
        let half = PeakFilter.half
        guard let samples = source.baseAddress else { return }
        var start = 0
        while start < peaks.count {
            let end = min(peaks.count, start + 128)
            let first = max(0, from + start - half + 1)
            var highest: Float = 0
            var index = first
            while index < min(source.count, from + end + half) {
                highest = max(highest, abs(source[index]))
                index += 1
            }
            if highest * reach > threshold {
                taps.withUnsafeBufferPointer { taps in
                    guard let taps = taps.baseAddress else { return }
                    var place = start
                    while place < end {
                        peaks[place] = max(peaks[place], abs(source[from + place]))
                        if from + place >= half - 1 {
                            let value = highestBetween(samples + from + place - half + 1, taps)
                            between[place] = max(between[place], value)
                        }
                        place += 1
                    }
                }
            }
            start = end
        }
    }

    /// The highest magnitude of the three phases over the 48 samples from a place on; eight products at once.
    private func highestBetween(_ first: UnsafePointer<Float>, _ taps: UnsafePointer<SIMD8<Float>>) -> Float {
        let samples = UnsafeRawPointer(first)
        var (early, middle, late) = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
        var vector = 0
        while vector < 6 {
            let part = samples.loadUnaligned(fromByteOffset: 32 * vector, as: SIMD8<Float>.self)
            early += part * taps[vector]
            middle += part * taps[6 + vector]
            late += part * taps[12 + vector]
            vector += 1
        }
        return max(abs(early.sum()), abs(middle.sum()), abs(late.sum()))
    }

    /// The Kaiser window of β = 8 over −1 ... 1.
    private static func window(_ place: Double) -> Double {
        func bessel(_ x: Double) -> Double {
            var (sum, term) = (1.0, 1.0)
            for order in 1..<40 {
                term *= (x / 2 / Double(order)) * (x / 2 / Double(order))
                sum += term
            }
            return sum
        }
        return bessel(8 * sqrt(max(0, 1 - place * place))) / bessel(8)
    }
}
