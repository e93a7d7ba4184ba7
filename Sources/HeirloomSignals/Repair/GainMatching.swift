import Foundation
public import HeirloomTensors

/// Measures by how much recordings of one event, already on one clock, differ in level and tone: constant gain, the slow
/// gain of automatic level controls, and response. Only frames with speech count.
///
/// Fed interval by interval; memory grows by a number for each channel and half second.
public struct GainMatching {
    /// What brings one channel to the reference.
    public struct Channel: Sendable, Codable, Equatable {
        /// Constant gain in dB.
        public let gain: Double
        /// Gain in dB for every half second that undoes an automatic level control, within ±12; empty where the channel's
        /// level stays within 6 dB of the others.
        public let slowGain: [Double]
        /// By how much the channel's own level moves against the others', in dB.
        public let slowRange: Double
        /// Gain in dB by third of an octave, within ±12, without the constant one; never up where noise is.
        public let response: [Double]
        /// Middles of those bands in Hz.
        public let frequencies: [Double]
    }

    /// Seconds that one value of the slow gain stands for.
    public static let blockSeconds = 0.5

    private let sampleRate: Int
    private let spectra: BandSpeech
    private var speechPower: [[Double]]
    private var noisePower: [[Double]]
    private var speechWeight: [Double]
    private var noiseWeight: [Double]
    private var blocks: [[(power: Double, weight: Double)]]

    /// A measurement of so many channels.
    public init(channelCount: Int, sampleRate: Int) {
        precondition(channelCount > 0, "no channels to match")
        self.sampleRate = sampleRate
        spectra = BandSpeech(sampleRate: sampleRate)
        let empty = [Double](repeating: 0, count: spectra.bands.centers.count)
        speechPower = Array(repeating: empty, count: channelCount)
        noisePower = speechPower
        speechWeight = Array(repeating: 0, count: channelCount)
        noiseWeight = speechWeight
        blocks = Array(repeating: [], count: channelCount)
    }

    /// Takes the next interval of all channels.
    ///
    /// - Parameters:
    ///   - x: `[D, L]`; intervals of whole half seconds, except the last, keep the slow gain in step.
    ///   - speech: how much speech there is along the interval, `[T]` of any resolution, 0...1; nil looks for loud frames.
    ///   - valid: `[D, L]`, 0 where a channel recorded nothing; nil if all did.
    public mutating func add(_ x: Tensor, speech: Tensor? = nil, valid: Tensor? = nil) {
        precondition(x.rank == 2 && x.shape[0] == blocks.count, "\(x.summary) instead of \(blocks.count) channels")
        let length = x.shape[1]
        let count = max(1, Int((Double(length) / Double(sampleRate) / Self.blockSeconds).rounded(.up)))
        let first = blocks[0].count
        for channel in blocks.indices { blocks[channel] += Array(repeating: (0, 0), count: count) }
        guard spectra.frames(length) > 0 else { return }
        let powers = spectra.powers(x.to(dtype: .float32))
        let weights = spectra.speech(powers, given: speech)
        let (frames, bands) = (weights.count, spectra.bands.centers.count)
        let present = valid.map {
            $0.to(dtype: .float32).windows(axis: 1, size: spectra.size, step: spectra.size / 2).min(axes: [2]).floats
        }
        let values = powers.floats
        let voice = spectra.bands.centers.indices.filter { 250..<4000 ~= spectra.bands.centers[$0] }
        for channel in blocks.indices {
            for frame in 0..<frames where present?[channel * frames + frame] ?? 1 > 0.5 {
                let row = (channel * frames + frame) * bands
                let weight = Double(weights[frame])
                for band in 0..<bands {
                    let power = Double(values[row + band])
                    speechPower[channel][band] += weight > 0.5 ? power : 0
                    noisePower[channel][band] += weight < 0.1 ? power : 0
                }
                speechWeight[channel] += weight > 0.5 ? 1 : 0
                noiseWeight[channel] += weight < 0.1 ? 1 : 0
                guard weight > 0.5 else { continue }
                let seconds = Double((frame + 1) * spectra.size / 2) / Double(sampleRate)
                let block = first + min(count - 1, Int(seconds / Self.blockSeconds))
                blocks[channel][block].power += voice.reduce(0) { $0 + Double(values[row + $1]) }
                blocks[channel][block].weight += 1
            }
        }
    }

    /// What brings each channel to the reference.
    public func finish(reference: Int) -> [Channel] {
        precondition(blocks.indices.contains(reference), "channel \(reference) of \(blocks.count) as the reference")
        let levels = blocks.indices.map { channel in level(speechPower[channel].reduce(0, +), speechWeight[channel]) }
        let slow = slowLevels()
        return blocks.indices.map { channel in
            let gain = levels[channel].flatMap { own in levels[reference].map { $0 - own } } ?? 0
            let sorted = slow[channel].sorted()
            let range = sorted.isEmpty ? 0 : sorted[sorted.count * 19 / 20] - sorted[sorted.count / 20]
            return Channel(
                gain: gain, slowGain: range > 6 ? slow[channel].map { min(max(-$0, -12), 12) } : [],
                slowRange: range, response: response(channel, reference, gain),
                frequencies: spectra.bands.centers)
        }
    }

    private func level(_ power: Double, _ weight: Double) -> Double? {
        weight > 0 && power > 0 ? 10 * log10(power / weight) : nil
    }

    /// Level of each channel against the middle one in every half second, over two seconds, its own median removed.
    ///
    /// Constant gains go first: the middle of levels that lie far apart would always be the same channel.
    private func slowLevels() -> [[Double]] {
        let count = blocks[0].count
        let known = blocks.map { Self.centered($0.map { $0.weight >= 3 ? level($0.power, $0.weight) : nil }) }
        let middle = (0..<count).map { block -> Double? in
            let values = known.compactMap { $0[block] }.sorted()
            return values.count == blocks.count ? Self.median(values) : nil
        }
        return known.map { own in
            let pairs = Self.centered(
                zip(own, middle).map { pair in pair.0.flatMap { value in pair.1.map { value - $0 } } })
            guard pairs.count(where: { $0 != nil }) >= 4 else { return [] }
            let filled = Self.filled(pairs)
            return filled.indices.map { index in
                let near = filled[max(0, index - 2)...min(count - 1, index + 2)]
                return near.reduce(0, +) / Double(near.count)
            }
        }
    }

    /// The values without their median.
    private static func centered(_ values: [Double?]) -> [Double?] {
        guard let center = median(values.compactMap { $0 }.sorted()) else { return values }
        return values.map { $0.map { $0 - center } }
    }

    /// The middle of sorted values, between the two middle ones of an even number; nil of none.
    private static func median(_ sorted: [Double]) -> Double? {
        sorted.isEmpty ? nil : (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// Missing values on the line between their neighbours.
    private static func filled(_ values: [Double?]) -> [Double] {
        let places = values.indices.filter { values[$0] != nil }
        var next = 0
        return values.indices.map { index in
            while next < places.count, places[next] < index { next += 1 }
            let after = next < places.count ? places[next] : nil
            let before = next > 0 ? places[next - 1] : nil
            switch (before, after) {
            case (_, index?): return values[index] ?? 0
            case (let low?, let high?):
                let part = Double(index - low) / Double(high - low)
                return (values[low] ?? 0) * (1 - part) + (values[high] ?? 0) * part
            case (let only?, nil), (nil, let only?): return values[only] ?? 0
            case (nil, nil): return 0
            }
        }
    }

    private func response(_ channel: Int, _ reference: Int, _ gain: Double) -> [Double] {
        let raw = spectra.bands.centers.indices.map { band -> Double in
            guard let own = level(speechPower[channel][band], speechWeight[channel]),
                let wanted = level(speechPower[reference][band], speechWeight[reference])
            else { return 0 }
            return wanted - own - gain
        }
        return zip(ThirdOctaves.smoothed(raw), raw.indices).map { value, band in
            let noise = level(noisePower[channel][band], noiseWeight[channel]) ?? -200
            let isHeard = level(speechPower[channel][band], speechWeight[channel]).map { $0 > noise + 3 } ?? false
            return min(max(value, -12), isHeard ? 12 : 0)
        }
    }
}
