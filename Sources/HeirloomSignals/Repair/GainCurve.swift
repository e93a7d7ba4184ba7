import Foundation

/// A gain that changes slowly, applied to a stream: straight lines in dB between the middles of equal blocks.
public struct GainCurve: SoundRepair {
    private let values: [Double]
    private let blockLength: Double
    private var position = 0

    /// A curve.
    /// - Parameter values: gain in dB for every ``GainMatching/blockSeconds``; none is no change.
    public init(_ values: [Double], sampleRate: Int) {
        self.values = values
        blockLength = GainMatching.blockSeconds * Double(sampleRate)
    }

    /// The samples with their gain.
    public mutating func process(_ channel: [Float]) -> [Float] {
        defer { position += channel.count }
        guard let first = values.first else { return channel }
        // Gains are computed every 32 samples of the whole stream and run straight between.
        var (result, index) = (channel, 0)
        while index < channel.count {
            let place = position + index
            let start = place / 32 * 32
            let (low, high) = (factor(start, first), factor(start + 32, first))
            let end = min(channel.count, start + 32 - position)
            for at in index..<end {
                result[at] *= Float(low + (high - low) * Double(position + at - start) / 32)
            }
            index = end
        }
        return result
    }

    /// Nothing: no sample is held back.
    public mutating func finish() -> [Float] { [] }

    private func factor(_ place: Int, _ first: Double) -> Double {
        let at = Double(place) / blockLength - 0.5
        guard at > 0 else { return pow(10, first / 20) }
        let low = min(values.count - 1, Int(at))
        let high = min(values.count - 1, low + 1)
        return pow(10, (values[low] + (values[high] - values[low]) * min(1, at - Double(low))) / 20)
    }
}
