import Foundation

/// Applies a gain to sound that comes in pieces and holds its true peak below a ceiling, without changing dynamics
/// otherwise.
///
/// A look-ahead limiter: the gain falls within 5 ms before a peak and recovers within 80 ms, for all channels alike,
/// so that the stereo image stays. Peaks are those of the signal oversampled 4 times (48-tap windowed sinc), as
/// ITU-R BS.1770-4 annex 2 measures them. Where nothing exceeds the ceiling, samples are multiplied by the gain alone.
public struct TruePeakLimiter {
    /// The strongest reduction so far, in dB, 0 or less; 0 where nothing had to be limited.
    public var reductionDB: Double { strongest < 1 ? 20 * log10(Double(strongest)) : 0 }

    private let channelCount: Int
    private let gain: Float
    private let ceiling: Float
    private let lookAhead: Int
    private let release: Float
    private let filter = PeakFilter()

    /// Samples with the gain applied, and the gain that each demands; both begin at `base`.
    private var samples: [[Float]]
    private var demanded: [Float] = []
    /// The highest value between the last sample looked at and the one behind it.
    private var lastBetween: Float = 0
    private var base = 0
    private var next = 0
    /// What came in and what went out, counted without the silence in front.
    private var taken = 0
    private var given = 0
    /// Places of the smallest demands within the look-ahead, rising; the first entries may be used up.
    private var smallest: [Int] = []
    private var smallestHead = 0
    private var pushed = 0
    private var recovering: Float = 1
    private var window: [Float]
    private var windowSum: Double
    private var windowPlace = 0
    private var reduced = 0
    private var strongest: Float = 1

    /// Makes a limiter.
    ///
    /// - Parameters:
    ///   - gainDB: the gain before limiting.
    ///   - ceilingDB: the true peak that is not exceeded, in dBTP.
    /// - Precondition: 1 to 64 channels at 1,000 to 768,000 Hz; the gain and the ceiling are finite.
    public init(sampleRate: Int, channelCount: Int, gainDB: Double = 0, ceilingDB: Double = -1) {
        precondition(
            SoundLimits.channels.contains(channelCount) && SoundLimits.rates.contains(sampleRate)
                && gainDB.isFinite && ceilingDB.isFinite,
            "no limiter for \(channelCount) channels at \(sampleRate) Hz, \(gainDB) dB up to \(ceilingDB) dBTP")
        self.channelCount = channelCount
        gain = Float(pow(10, gainDB / 20))
        // Other meters interpolate by other filters and read up to a few hundredths of a decibel more.
        ceiling = Float(pow(10, (ceilingDB - 0.05) / 20))
        lookAhead = max(1, Int((0.005 * Double(sampleRate)).rounded()))
        release = Float(1 - exp(-1 / (0.08 * Double(sampleRate))))
        window = [Float](repeating: 1, count: lookAhead + 1)
        windowSum = Double(lookAhead + 1)
        // Silence in front, over which the gain falls before a peak at the very beginning.
        let lead = lookAhead + PeakFilter.half
        samples = [[Float]](repeating: [Float](repeating: 0, count: lead), count: channelCount)
        given = -lead
    }

    /// Takes the next samples and gives those that are ready.
    ///
    /// - Precondition: as many channels as the limiter was made for, all of one length.
    public mutating func process(_ channels: [[Float]]) -> [[Float]] {
        precondition(
            channels.count == channelCount && channels.allSatisfy { $0.count == channels[0].count },
            "a limiter for \(channelCount) channels cannot take channels of the lengths \(channels.map(\.count))")
        taken += channels[0].count
        return run(channels)
    }

    /// The samples that were held back: with them, as many went out as came in.
    public mutating func finish() -> [[Float]] {
        let tail = [Float](repeating: 0, count: lookAhead + PeakFilter.half + 1)
        return run([[Float]](repeating: tail, count: channelCount))
    }

    private mutating func run(_ channels: [[Float]]) -> [[Float]] {
        let gain = gain
        for channel in samples.indices {
            samples[channel] += gain == 1 ? channels[channel] : channels[channel].map { $0 * gain }
        }
        demand()
        let gains = follow()
        var result = [[Float]](repeating: [], count: channelCount)
        let first = next - gains.count
        let skipped = min(gains.count, max(0, -given))
        let count = max(0, min(gains.count - skipped, taken - max(0, given)))
        given += gains.count
        for channel in samples.indices where count > 0 {
            samples[channel].withUnsafeBufferPointer { source in
                gains.withUnsafeBufferPointer { gains in
                    result[channel] = [Float](unsafeUninitializedCapacity: count) { target, made in
                        var index = 0
                        while index < count {
                            target[index] = source[first - base + skipped + index] * gains[skipped + index]
                            index += 1
                        }
                        made = count
                    }
                }
            }
        }
        forget()
        return result
    }

    /// Finds the gains that the samples demand, as far as the filter reaches.
    private mutating func demand() {
        let known = base + demanded.count
        let end = base + samples[0].count - PeakFilter.half
        guard end > known else { return }
        let (ceiling, last) = (ceiling, lastBetween)
        var between = [Float](repeating: 0, count: end - known)
        var peaks = between
        for channel in samples.indices {
            samples[channel].withUnsafeBufferPointer { source in
                peaks.withUnsafeMutableBufferPointer { peaks in
                    between.withUnsafeMutableBufferPointer { between in
                        filter.raise(peaks, between, over: source, from: known - base, threshold: ceiling)
                    }
                }
            }
        }
        demanded += [Float](unsafeUninitializedCapacity: peaks.count) { target, made in
            var before = last
            var index = 0
            while index < peaks.count {
                let peak = max(peaks[index], before, between[index])
                before = between[index]
                target[index] = peak > ceiling ? ceiling / peak : 1
                index += 1
            }
            made = peaks.count
        }
        lastBetween = between[between.count - 1]
    }

    /// The gains of the next samples: the smallest demand ahead, slowly recovering, averaged over the look-ahead.
    private mutating func follow() -> [Float] {
        let end = base + demanded.count - lookAhead
        guard end > next else { return [] }
        var gains = [Float](repeating: 1, count: end - next)
        for place in next..<end {
            while pushed <= place + lookAhead {
                let value = demanded[pushed - base]
                while smallest.count > smallestHead && demanded[smallest[smallest.count - 1] - base] >= value {
                    smallest.removeLast()
                }
                smallest.append(pushed)
                pushed += 1
            }
            if smallest[smallestHead] < place { smallestHead += 1 }
            let aim = demanded[smallest[smallestHead] - base]
            if aim <= recovering || aim - recovering < 1e-6 {
                recovering = aim
            } else {
                recovering += (aim - recovering) * release
            }
            let old = window[windowPlace]
            reduced += (recovering < 1 ? 1 : 0) - (old < 1 ? 1 : 0)
            windowSum += Double(recovering) - Double(old)
            window[windowPlace] = recovering
            windowPlace = windowPlace == lookAhead ? 0 : windowPlace + 1
            if reduced == 0 {
                windowSum = Double(lookAhead + 1)  // rounding errors end here
            } else {
                let value = Float(windowSum / Double(lookAhead + 1))
                gains[place - next] = value
                strongest = min(strongest, value)
            }
        }
        next = end
        return gains
    }

    /// Drops what no later sample needs.
    private mutating func forget() {
        // The smallest demand may still be that of the sample before the next.
        let old = min(next - 1, base + demanded.count - PeakFilter.half) - base
        guard old > 0 else { return }
        for channel in samples.indices { samples[channel].removeFirst(old) }
        demanded.removeFirst(old)
        base += old
        smallest.removeFirst(smallestHead)
        smallestHead = 0
    }
}
