/// What the synchroniser listens to: one recording as mono samples at 16 kHz, read where it wants and as often as it wants.
///
/// The samples may lie in memory (``AnalysisSamples``) or, for hours of sound, in a temporary file. Nothing longer than
/// a few minutes is asked for at once, so a source for a file needs no memory of its own.
public protocol AnalysisSource {
    /// How many samples there are.
    var sampleCount: Int { get }

    /// Samples from a place on.
    ///
    /// - Parameters:
    ///   - start: the first sample, `0..<sampleCount`.
    ///   - count: how many; `start + count` is at most `sampleCount`.
    /// - Returns: `count` samples, ±1 full scale.
    func samples(from start: Int, count: Int) throws -> [Float]
}

extension AnalysisSource {
    /// The rate of every source, in Hz.
    public static var sampleRate: Int { 16_000 }

    /// How long it is, in seconds of its own clock.
    public var duration: Double { Double(sampleCount) / Double(Self.sampleRate) }

    /// Samples from any place on, with zeros before the start and after the end, and for values that are not numbers.
    func padded(from start: Int, count: Int) throws -> [Float] {
        let first = min(max(start, 0), sampleCount)
        let last = min(max(start + count, first), sampleCount)
        var inside = last > first ? try samples(from: first, count: last - first) : []
        precondition(inside.count == last - first, "a source gave \(inside.count) samples, not \(last - first)")
        inside.withUnsafeMutableBufferPointer { buffer in
            for index in 0..<buffer.count where !buffer[index].isFinite { buffer[index] = 0 }
        }
        if inside.count == count { return inside }
        var result = [Float](repeating: 0, count: count)
        result.replaceSubrange((first - start)..<(last - start), with: inside)
        return result
    }
}

/// A recording that lies in memory.
public struct AnalysisSamples: AnalysisSource, Sendable {
    /// The samples, at 16 kHz.
    public let values: [Float]

    /// A source of samples in memory.
    public init(_ values: [Float]) { self.values = values }

    /// How many samples there are.
    public var sampleCount: Int { values.count }

    /// Samples from a place on.
    public func samples(from start: Int, count: Int) throws -> [Float] { Array(values[start..<start + count]) }
}
