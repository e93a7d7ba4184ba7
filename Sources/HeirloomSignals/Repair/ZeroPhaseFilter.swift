import Foundation
import HeirloomTensors

/// Changes the tone of a channel without delaying any of it: a symmetric filter.
public struct ZeroPhaseFilter: SoundRepair {
    private let spectrum: Tensor
    private var feed: ChunkFeed

    /// A filter whose gain runs through points, evenly over octaves between them and level outside.
    /// - Parameters:
    ///   - curve: frequency in Hz, ascending, and gain in dB.
    ///   - reach: how far to either side of a sample the filter hears, in seconds; what it tells apart lies one over that
    ///     apart, in Hz.
    /// - Precondition: there is at least one point; the reach is above 0.
    public init(sampleRate: Int, curve: [(frequency: Double, gain: Double)], reach: Double = 0.032) {
        precondition(!curve.isEmpty && reach > 0, "a tone curve without points, or a filter that reaches \(reach) s")
        let half = max(1, Int(Double(sampleRate) * reach))
        let margin = half
        // The chunk with its margins has a length that transforms quickly.
        let size = (1 << Int(log2(Double(16 * half)).rounded(.up))) - 2 * margin
        feed = ChunkFeed(size: size, margin: margin)
        let length = 4 * half
        let gains = (0...length / 2).map { bin -> Float in
            let frequency = max(1, Double(bin) * Double(sampleRate) / Double(length))
            return Float(pow(10, Self.gain(frequency, curve) / 20))
        }
        let zeros = Tensor.zeros([gains.count])
        let response = stacked([Tensor(gains), zeros], axis: 1).viewedAsComplex().inverseRealFFT(length: length)
        let places = Tensor.range(from: Double(-half), to: Double(half + 1))
        let bell = (places * (.pi / Double(half))).cos() * 0.5 + 0.5
        let taps = response.rolled(by: half, axis: 0)[0..<2 * half + 1] * bell
        spectrum = taps.realFFT(length: size + 2 * margin)
    }

    /// The samples that are ready.
    public mutating func process(_ channel: [Float]) -> [Float] { feed.add(channel).flatMap(filtered) }

    /// The rest.
    public mutating func finish() -> [Float] {
        let (chunks, count) = feed.finish()
        return Array(chunks.flatMap(filtered).prefix(count))
    }

    private func filtered(_ part: [Float]) -> [Float] {
        let whole = (Tensor(part).realFFT() * spectrum).inverseRealFFT(length: part.count)
        return Array(whole.floats[2 * feed.margin..<part.count])
    }

    private static func gain(_ frequency: Double, _ curve: [(frequency: Double, gain: Double)]) -> Double {
        let last = curve[curve.count - 1]
        guard let next = curve.firstIndex(where: { $0.frequency >= frequency }) else { return last.gain }
        guard next > 0 else { return curve[0].gain }
        let (low, high) = (curve[next - 1], curve[next])
        let part = log(frequency / low.frequency) / log(high.frequency / low.frequency)
        return low.gain + part * (high.gain - low.gain)
    }
}
