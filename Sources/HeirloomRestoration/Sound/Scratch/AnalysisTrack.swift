import HeirloomMedia
import HeirloomSignals

/// A recording at 16 kHz in one channel, on disk in half precision: what synchronisation and the choice of the best
/// microphone listen to.
///
/// Eleven bits of precision at every level are more than any of these estimators can tell apart.
final class AnalysisTrack: AnalysisSource {
    /// Samples per second.
    static let sampleRate = 16_000

    private let file: ScratchFile
    private(set) var sampleCount = 0

    init(in folder: String) throws(MediaError) { file = try ScratchFile(in: folder) }

    /// Adds samples at the end.
    func append(_ samples: [Float]) throws(MediaError) {
        let halves = samples.map(HalfPrecision.bits(of:))
        let offset = sampleCount * 2
        try halves.withUnsafeBytes { bytes in Result { () throws(MediaError) in try file.write(bytes, at: offset) } }
            .get()
        sampleCount += samples.count
    }

    /// Samples from a place on; silence where there are none.
    func samples(from start: Int, count: Int) throws -> [Float] {
        var samples = [Float](repeating: 0, count: count)
        let lower = min(max(start, 0), sampleCount)
        let upper = min(max(start + count, lower), sampleCount)
        guard upper > lower else { return samples }
        var halves = [UInt16](repeating: 0, count: upper - lower)
        try halves.withUnsafeMutableBytes { bytes in
            Result { () throws(MediaError) in try file.read(into: bytes, at: lower * 2) }
        }.get()
        halves.withUnsafeBufferPointer { halves in
            samples.withUnsafeMutableBufferPointer { samples in
                for index in halves.indices { samples[lower - start + index] = HalfPrecision.value(of: halves[index]) }
            }
        }
        return samples
    }
}
