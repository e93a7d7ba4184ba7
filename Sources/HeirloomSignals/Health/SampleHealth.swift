import Foundation

/// What single samples tell: level, offset, gaps, clipping, the shape of the loudest ones.
struct SampleHealth {
    /// Samples so far.
    private(set) var count = 0
    private(set) var gaps: [HealthReport.Gap] = []
    private(set) var unlistedGapSamples = 0
    /// Mean squares of 20 ms frames that are not all zeros.
    private(set) var frameLevels = LevelHistogram()
    private(set) var peak = 0.0
    private(set) var clippedFraction = 0.0
    private(set) var clipLimits: HealthReport.Limits?
    private(set) var topKurtosis = 9.0

    /// Below this, nothing that a microphone hands out: what lossy codecs leave of zeros.
    private static let silence: Float = 1e-5
    private static let longestList = 100_000

    private let gapLength: Int
    private let frameLength: Int
    private var framePosition = 0
    private var frameEnergy: Float = 0
    private var frameSum: Float = 0
    private var energy = 0.0
    private var sum = 0.0
    private var gapSamples = 0
    private var runStart = 0
    private var previous = Float.nan
    private var positive = ClipCounter()
    private var negative = ClipCounter()
    /// Magnitudes by exponent and five bits of mantissa.
    private var magnitudes = [Int](repeating: 0, count: 8192)

    init(sampleRate: Int) {
        gapLength = max(2, (sampleRate + 199) / 200)
        frameLength = sampleRate / 50
    }

    /// Mean square of what was recorded, in dB.
    var level: Double { 10 * log10(max(energy / Double(max(1, count - gapSamples)), 1e-18)) }
    /// Mean of what was recorded.
    var offset: Double { sum / Double(max(1, count - gapSamples)) }

    mutating func add(_ block: UnsafeBufferPointer<Float>) {
        for x in block {
            let magnitude = abs(x)
            let value = magnitude < Self.silence ? 0 : x
            if value != previous {
                endRun(at: count)
                previous = value
                runStart = count
            }
            positive.add(x)
            negative.add(-x)
            magnitudes[Int(magnitude.bitPattern >> 18)] += 1
            frameEnergy += x * x
            frameSum += x
            count += 1
            framePosition += 1
            if framePosition == frameLength { endFrame() }
        }
    }

    mutating func finish() {
        endRun(at: count)
        if framePosition > frameLength / 2 || frameLevels.total == 0, framePosition > 0 { endFrame() }
        let (high, low) = (positive.finish(), negative.finish())
        peak = Double(max(positive.peak, negative.peak))
        clippedFraction = Double(high + low) / Double(max(1, count))
        if high + low > 0 {
            clipLimits = HealthReport.Limits(
                negative: low > 0 ? Double(negative.limit) : nil, positive: high > 0 ? Double(positive.limit) : nil)
        }
        topKurtosis = kurtosisOfTop()
    }

    private mutating func endFrame() {
        energy += Double(frameEnergy)
        sum += Double(frameSum)
        if frameEnergy > 0 { frameLevels.add(power: Double(frameEnergy) / Double(framePosition)) }
        (frameEnergy, frameSum, framePosition) = (0, 0, 0)
    }

    private mutating func endRun(at end: Int) {
        let length = end - runStart
        guard length >= gapLength else { return }
        gapSamples += length
        if gaps.count < Self.longestList {
            gaps.append(HealthReport.Gap(start: runStart, count: length))
        } else {
            unlistedGapSamples += length
        }
    }

    /// Kurtosis of the magnitudes of the loudest hundredth: for a Laplacian they are distributed exponentially, 9.
    private func kurtosisOfTop() -> Double {
        let recorded = magnitudes.dropFirst().reduce(0, +)
        var wanted = recorded / 100
        guard wanted >= 100 else { return 9 }
        var moments = [Double](repeating: 0, count: 5)
        func middle(_ index: Int) -> Double { Double(Float(bitPattern: UInt32(index) << 18 | 1 << 17)) }
        for index in magnitudes.indices.reversed() where wanted > 0 && magnitudes[index] > 0 {
            let taken = min(wanted, magnitudes[index])
            var power = Double(taken)
            for order in 0..<5 {
                moments[order] += power
                power *= middle(index)
            }
            wanted -= taken
        }
        let n = moments[0]
        let (m, s, c, q) = (moments[1] / n, moments[2] / n, moments[3] / n, moments[4] / n)
        let variance = s - m * m
        let fourth = q - 4 * m * c + 6 * m * m * s - 3 * m * m * m * m
        // Nothing more is told apart within one step of the counts, a thirty-second.
        return variance > 1e-3 * m * m ? fourth / (variance * variance) : 1
    }
}
