import Foundation
import HeirloomTensors

/// How loud four bands of a recording are, a hundred times a second: small enough to keep for hours of sound.
struct ActivityProfile {
    /// Profile frames in a second.
    static let rate = 100.0
    static let bandCount = 4

    /// Frames.
    let count: Int
    /// Natural logarithms of the power, `[4 · count]`, band after band.
    let levels: [Float]
    /// Mean power between 150 and 3600 Hz in a frame, `[count]`.
    let power: [Float]
    /// The largest magnitude of any sample.
    let peak: Float

    /// Listens to a whole source, a minute at a time.
    init(_ source: any AnalysisSource) throws {
        let hop = AnalysisSamples.sampleRate / Int(Self.rate)
        let window = 2 * hop
        let hann = Tensor(
            (0..<window).map { Float(0.5 - 0.5 * cos(2 * Double.pi * (Double($0) + 0.5) / Double(window))) })
        let bands = Self.bandMatrix(window: window)
        count = max(0, source.sampleCount / hop - 1)
        var bandLevels = [[Float]](repeating: [], count: Self.bandCount)
        var sums: [Float] = []
        var highest: Float = 0
        let minute = 6000
        for first in stride(from: 0, to: count, by: minute) {
            let frames = min(minute, count - first)
            let samples = Tensor(try source.padded(from: first * hop, count: (frames + 1) * hop))
            highest = max(highest, Float(samples.abs().max().item()))
            let spectrum = (samples.windows(axis: 0, size: window, step: hop) * hann).realFFT().abs().squared()
            let power = bands.matmul(spectrum.swappingAxes(0, 1))  // [4, frames]
            let values = (power + 1e-12).log().contiguous().scalars(as: Float.self)
            for band in 0..<Self.bandCount { bandLevels[band] += values[band * frames..<(band + 1) * frames] }
            sums += power.sum(axes: [0]).contiguous().scalars(as: Float.self)
        }
        levels = bandLevels.flatMap { $0 }
        power = sums
        peak = highest
    }

    private static func bandMatrix(window: Int) -> Tensor {
        let edges = [150.0, 500, 1000, 2000, 3600]
        let bins = window / 2 + 1
        var values = [Float](repeating: 0, count: bandCount * bins)
        for bin in 0..<bins {
            let frequency = Double(bin * AnalysisSamples.sampleRate) / Double(window)
            if let band = (0..<bandCount).first(where: { frequency >= edges[$0] && frequency < edges[$0 + 1] }) {
                values[band * bins + bin] = 1 / Float(window)
            }
        }
        return Tensor(values, shape: [bandCount, bins])
    }

    /// How the levels change, `[4, frames]`, unit variance in each band, bounded, so that one bang does not outweigh an hour.
    func changes(_ frames: Range<Int>) -> Tensor {
        var values: [Float] = []
        for band in 0..<Self.bandCount {
            values += levels[band * count + frames.lowerBound..<band * count + frames.upperBound]
        }
        let levels = Tensor(values, shape: [Self.bandCount, frames.count])
        let step = (levels.sliced(axis: 1, from: 2) - levels.sliced(axis: 1, from: 0, to: -2)).padded([1, 1])
        let spread = step.standardDeviation(axes: [1], keepingDimensions: true) + 1e-6
        let scaled = (step / spread).clamped(to: -3...3)
        return scaled - scaled.mean(axes: [1], keepingDimensions: true)
    }

    /// How much happens in each stretch: the sum of the rises in level, loud ones before silent ones.
    ///
    /// - Returns: one figure for each stretch that starts at `starts` (seconds) and is `seconds` long.
    func liveliness(_ starts: [Double], seconds: Double) -> [Double] {
        let length = max(1, Int(seconds * Self.rate))
        return starts.map { start in
            let first = min(max(Int(start * Self.rate), 0), max(count - 1, 0))
            let frames = first..<min(first + length, count)
            guard frames.count > 1 else { return 0 }
            var sum = 0.0
            power.withUnsafeBufferPointer { power in
                for frame in frames.dropFirst() {
                    let rise = power[frame].squareRoot() - power[frame - 1].squareRoot()
                    if rise > 0 { sum += Double(rise) }
                }
            }
            return sum
        }
    }

    /// Why there is nothing to listen to, or nil.
    var emptiness: String? {
        if count < 30 { return "it is shorter than a third of a second" }
        if peak < 1e-5 { return "it is silent" }
        return nil
    }
}
