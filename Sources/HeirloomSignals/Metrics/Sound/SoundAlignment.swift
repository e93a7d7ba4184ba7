import Foundation
public import HeirloomTensors

/// Where an estimate lies on the reference's clock: it may start anywhere and run at another speed.
///
/// Found by generalised cross-correlation of the whole, a line through the lags of segments, and a sub-sample correction;
/// of the lines on the way the one with the best SI-SDR is taken. For measuring: the true signal has to be known.
public struct SoundAlignment: Sendable, Equatable {
    /// The place in the estimate, in samples, that belongs to the reference's first sample.
    public let offset: Double
    /// By how much the estimate advances for each sample of the reference: 1 without drift.
    public let rate: Double

    /// An alignment.
    public init(offset: Double, rate: Double) {
        self.offset = offset
        self.rate = rate
    }

    /// How much faster the estimate's clock runs, in millionths.
    public var driftPPM: Double { (rate - 1) * 1e6 }

    /// Finds the alignment of two signals of the same nominal rate.
    ///
    /// - Parameters:
    ///   - estimate: `[L]`, any level, polarity and length.
    ///   - reference: `[M]`.
    ///   - region: the part of the reference that counts.
    ///   - findsDrift: false keeps the speed.
    public static func find(
        estimate: Tensor, reference: Tensor, sampleRate: Int, region: Range<Int>, findsDrift: Bool = true
    ) -> SoundAlignment {
        precondition(
            estimate.rank == 1 && reference.rank == 1 && region.lowerBound >= 0 && region.upperBound <= reference.count
                && !region.isEmpty, "region \(region) of \(reference.summary), compared with \(estimate.summary)")
        let (e, r) = (estimate.to(dtype: .float64), reference.to(dtype: .float64))
        let lags = correlation(e, r, whitening: 0.8)
        let highest = lags.abs().argmax(axis: 0).item()
        let size = Double(lags.count)
        var line = SoundAlignment(offset: highest > size / 2 ? highest - size : highest, rate: 1)
        var candidates = [line]
        for _ in 0..<(findsDrift ? 3 : 0) {
            line = line.refined(e, r, sampleRate, region)
            if abs(line.rate - 1) < 6e-4 { candidates.append(line) }
        }
        let truth = r[region]
        let results = candidates.map { candidate -> (alignment: SoundAlignment, score: Double) in
            let near = correlation(candidate.aligned(e, region: region), truth, whitening: 0)
            let shift = peak(near, reach: sampleRate / 200).place
            let moved = SoundAlignment(offset: candidate.offset + shift, rate: candidate.rate)
            return (moved, SoundMetrics.siSDR(reference: truth, estimate: moved.aligned(e, region: region)))
        }
        // The first of equals: fewer corrections.
        return results.reduce(results[0]) { $1.score > $0.score ? $1 : $0 }.alignment
    }

    /// The estimate on the reference's clock, by windowed sinc interpolation over 48 samples; zero outside.
    /// - Parameters:
    ///   - region: which part of the reference's clock.
    ///   - scale: samples of both per sample of the alignment, for signals at another rate.
    /// - Returns: `[region.count]`, float64.
    public func aligned(_ estimate: Tensor, region: Range<Int>, scale: Double = 1) -> Tensor {
        let half = 24
        let source = estimate.to(dtype: .float64).padded([half + 1, half + 1])
        let last = Double(estimate.count - 1)
        let taps = Tensor.range(from: Double(1 - half), to: Double(half + 1), dtype: .float64)
        let parts = stride(from: region.lowerBound, to: region.upperBound, by: 1 << 15).map { start -> Tensor in
            let end = min(start + 1 << 15, region.upperBound)
            let places = Tensor.range(from: Double(start), to: Double(end), dtype: .float64) * rate + offset * scale
            let whole = places.floor()
            let inside = ((whole .>= 0) .& (whole .< last)).to(dtype: .float64)
            let distance = taps - (places - whole).unsqueezed(1)
            let phase = distance * .pi
            // A hair off zero, where sin x / x is 1.
            let sinc = (phase + 1e-12).sin() / (phase + 1e-12)
            let weights = sinc * ((phase / Double(half)).cos() * 0.5 + 0.5)
            let indices = (whole.unsqueezed(1) + taps + Double(half + 1)).clamped(to: 0...Double(source.count - 1))
            let values = source.gatheredRows(axis: 0, indices.to(dtype: .int64).flattened()).reshaped(weights.shape)
            return (values * weights).sum(axes: [1]) * inside
        }
        return concatenated(parts, axis: 0)
    }

    /// The same after a line through the lags of 3 s segments.
    private func refined(_ e: Tensor, _ r: Tensor, _ sampleRate: Int, _ region: Range<Int>) -> SoundAlignment {
        let (length, step) = (3 * sampleRate, sampleRate)
        let moved = aligned(e, region: 0..<r.count)
        let loudness = r.squared().mean().item()
        var points: [(time: Double, lag: Double, weight: Double)] = []
        for start in stride(from: region.lowerBound, through: region.upperBound - length, by: step) {
            let truth = r[start..<start + length]
            guard truth.squared().mean().item() >= 0.05 * loudness else { continue }
            let lags = Self.correlation(moved[start..<start + length], truth, whitening: 0.8)
            let found = Self.peak(lags, reach: sampleRate / 50)
            guard found.quality > 0 else { continue }
            points.append((Double(start + length / 2), found.place, found.quality * found.quality))
        }
        guard points.count >= 3 else { return self }
        var line = (offset: 0.0, slope: 0.0)
        var weights = points.map(\.weight)
        for _ in 0..<5 {
            let total = weights.reduce(0, +)
            let time = zip(weights, points).reduce(0) { $0 + $1.0 * $1.1.time } / total
            let lag = zip(weights, points).reduce(0) { $0 + $1.0 * $1.1.lag } / total
            let spread = zip(weights, points).reduce(0) { $0 + $1.0 * ($1.1.time - time) * ($1.1.time - time) }
            let common = zip(weights, points).reduce(0) { $0 + $1.0 * ($1.1.time - time) * ($1.1.lag - lag) }
            guard spread > 0 else { return self }
            line = (lag - common / spread * time, common / spread)
            for (index, point) in points.enumerated() {
                let rest = (point.lag - line.offset - line.slope * point.time) / 1.5
                weights[index] /= 1 + rest * rest
            }
        }
        return SoundAlignment(offset: offset + line.offset, rate: rate + line.slope)
    }

    /// Cross-correlation by lag, the negative ones at the end; whitened to the given power of the magnitudes.
    private static func correlation(_ a: Tensor, _ b: Tensor, whitening: Double) -> Tensor {
        let size = 1 << Int(log2(Double(a.count + b.count)).rounded(.up))
        var spectrum = a.realFFT(length: size) * b.realFFT(length: size).conjugate()
        if whitening > 0 {
            let magnitude = spectrum.abs()
            spectrum = spectrum / (magnitude + (1e-12 + 1e-6 * magnitude.max().item())).raised(to: whitening)
        }
        return spectrum.inverseRealFFT(length: size)
    }

    /// The largest magnitude within `reach` of lag 0, between samples by a parabola; quality 0 where it lies at the border.
    private static func peak(_ lags: Tensor, reach: Int) -> (place: Double, quality: Double) {
        let near = concatenated([lags.sliced(axis: 0, from: lags.count - reach), lags[0...reach]], axis: 0)
            .scalars(as: Double.self)
        let highest = near.indices.max { abs(near[$0]) < abs(near[$1]) } ?? reach
        guard 0 < highest, highest < 2 * reach else { return (Double(highest - reach), 0) }
        let mean = near.reduce(0) { $0 + abs($1) } / Double(near.count)
        let (before, at, after) = (abs(near[highest - 1]), abs(near[highest]), abs(near[highest + 1]))
        let correction = 0.5 * (before - after) / (before - 2 * at + after - 1e-20)
        return (Double(highest - reach) + correction, at / (mean + 1e-12))
    }
}
