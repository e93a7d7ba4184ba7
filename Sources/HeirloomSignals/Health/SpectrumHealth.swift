import Foundation
import HeirloomTensors

/// What 64 ms spectra tell: how far the speech band rises and falls, up to where there is sound, noise and level by band.
struct SpectrumHealth {
    private let sampleRate: Int
    private let size: Int
    private let window: Tensor
    /// `[F, B + 25]`: powers of bins to mean squares of thirds of an octave, of even bands and, last, of the speech band.
    private let grouping: Tensor
    private let centers: [Double]
    private var histograms: [LevelHistogram]
    private var speech = LevelHistogram()
    /// The same for 24 bands of equal width over four frames, to see where a filter cuts.
    private var steps = [LevelHistogram](repeating: LevelHistogram(), count: stepCount)
    private var recent = [Float](repeating: 0, count: stepCount)
    private var smoothed = 0
    private static let stepCount = 24
    private var pending: [Float] = []
    private static let batch = 64

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        size = sampleRate * 64 / 1000 / 2 * 2
        let (count, rate, length) = (size / 2 + 1, Double(sampleRate), Double(size))
        let hann = 0.5 - (Tensor.range(to: length, dtype: .float64) * (2 * .pi / length)).cos() * 0.5
        // A sine's mean square is then the sum of its bins.
        window = (hann * (2 / (length * length * 0.375)).squareRoot()).to(dtype: .float32)
        centers = (-11...14).map { 1000 * pow(2, Double($0) / 3) }
            .filter { $0 * pow(2, 1.0 / 6) <= rate / 2 * 1.003 }
        let edge = pow(2, 1.0 / 6)
        let width = rate / 2 / Double(Self.stepCount)
        let even = (0..<Self.stepCount).map { (Double($0) * width, Double($0 + 1) * width) }
        let ranges = centers.map { ($0 / edge, $0 * edge) } + even + [(300.0, min(3400.0, rate / 2))]
        let rows = (0..<count).flatMap { bin in
            let frequency = Double(bin) * rate / length
            return ranges.map { Float($0.0 <= frequency && frequency < $0.1 ? 1 : 0) }
        }
        grouping = Tensor(rows, shape: [count, ranges.count])
        histograms = Array(repeating: LevelHistogram(), count: centers.count)
    }

    /// By how many dB the speech band rises and falls.
    var speechRange: Double { speech.total == 0 ? 0 : speech.quantile(0.95) - speech.quantile(0.05) }

    /// Up to which frequency something changes by 6 dB or more.
    var validBand: Double {
        let highest = histograms.lastIndex { isHeard($0) && $0.quantile(0.9) - $0.quantile(0.1) >= 6 }
        guard let highest else { return 0 }
        return highest == centers.count - 1 ? Double(sampleRate) / 2 : centers[highest] * pow(2, 1.0 / 6)
    }

    /// Where a filter cut the recording off: nothing but steady noise fills half of the spectrum or more.
    var bandLimit: Double? {
        guard let highest = steps.lastIndex(where: { isHeard($0) && $0.quantile(0.9) - $0.quantile(0.1) >= 3 }),
            Double(highest + 1) <= 0.5 * Double(Self.stepCount)
        else { return nil }
        return Double(sampleRate) / 2 * Double(highest + 1) / Double(Self.stepCount)
    }

    /// Whether a band is more than what the analysis window and rounding leave beside loud bands.
    private func isHeard(_ band: LevelHistogram) -> Bool {
        guard band.total > 0 else { return false }
        return band.quantile(0.9) > max(-110, speech.quantile(0.95) - 75)
    }

    mutating func add(_ block: UnsafeBufferPointer<Float>) {
        pending.append(contentsOf: block)
        let whole = (Self.batch + 1) * size / 2
        var start = 0
        while pending.count - start >= whole {
            measure(from: start, frames: Self.batch)
            start += Self.batch * size / 2
        }
        if start > 0 { pending.removeFirst(start) }
    }

    mutating func finish() -> [HealthReport.Band] {
        if speech.total == 0, pending.count < size {
            pending += [Float](repeating: 0, count: size - pending.count)
        }
        let frames = pending.count / (size / 2) - 1
        if frames > 0 { measure(from: 0, frames: frames) }
        pending = []
        return zip(centers, histograms).map {
            HealthReport.Band(center: $0, floor: $1.quantile(0.1), loud: $1.quantile(0.9))
        }
    }

    private mutating func measure(from start: Int, frames: Int) {
        let part = Array(pending[start..<start + (frames + 1) * size / 2])
        let cut = Tensor(part).windows(axis: 0, size: size, step: size / 2) * window
        let power = cut.realFFT().abs().squared()  // [n, F]
        let levels = power.matmul(grouping).floats
        let columns = centers.count + Self.stepCount + 1
        for frame in 0..<frames {
            let row = Array(levels[frame * columns..<(frame + 1) * columns])
            // Frames inside a gap say nothing about the microphone.
            guard row[columns - 1] > 1e-14 else { continue }
            for index in centers.indices { histograms[index].add(power: Double(row[index])) }
            for index in 0..<Self.stepCount { recent[index] += row[centers.count + index] / 4 }
            smoothed += 1
            if smoothed == 4 {
                for index in 0..<Self.stepCount { steps[index].add(power: Double(recent[index])) }
                (recent, smoothed) = ([Float](repeating: 0, count: Self.stepCount), 0)
            }
            speech.add(power: Double(row[columns - 1]))
        }
    }
}
