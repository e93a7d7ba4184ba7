/// Reads a recording at its native rate along a clock map: conversion of rate, drift, offset and jumps in one
/// interpolation, so that each sample is interpolated exactly once.
///
/// Output sample n is what happened at reference time n / `outputRate`; n may be negative (before the reference began).
/// Values depend on n and on the recording alone, never on how the output is cut into blocks.
///
/// ```swift
/// let reader = WarpedInterpolation(map: file.map, fileRate: 44100, fileSampleCount: count, outputRate: 48000)
/// let needed = reader.fileRange(for: 0..<480_000)             // what to read from the file
/// let output = reader.samples(0..<480_000, of: read, startingAt: needed.lowerBound)
/// let holes = reader.validRanges(in: 0..<480_000)             // outside of these the file recorded nothing: zeros
/// ```
///
/// Windowed sinc with a Kaiser window, 32 zero crossings on each side, cut-off at 0.95 of the lower Nyquist frequency
/// (J. O. Smith, Digital Audio Resampling); 1024 phases with linear interpolation between them, error below −110 dB.
public struct WarpedInterpolation: Sendable {
    /// The recording's clock.
    public let map: ClockMap
    /// The recording's nominal rate in Hz.
    public let fileRate: Int
    /// How many samples the recording has; outside of it there are zeros.
    public let fileSampleCount: Int
    /// The rate of the output in Hz, on the reference's clock.
    public let outputRate: Int

    private let kernel: InterpolationKernel

    /// Prepares to read a recording.
    ///
    /// - Precondition: the rates are positive.
    public init(map: ClockMap, fileRate: Int, fileSampleCount: Int, outputRate: Int) {
        precondition(fileRate > 0 && outputRate > 0, "interpolation from \(fileRate) Hz to \(outputRate) Hz")
        self.map = map
        self.fileRate = fileRate
        self.fileSampleCount = fileSampleCount
        self.outputRate = outputRate
        kernel = InterpolationKernel(scale: min(1, Double(outputRate) / Double(fileRate)))
    }

    /// The file's samples that a stretch of output is made of, cut to the file; empty where there is nothing.
    public func fileRange(for output: Range<Int>) -> Range<Int> {
        guard !output.isEmpty else { return 0..<0 }
        var low = Double.infinity
        var high = -Double.infinity
        eachRun(in: output) { run, piece in
            low = min(low, position(run.lowerBound, piece))
            high = max(high, position(run.upperBound - 1, piece))
        }
        let reach = Double(kernel.halfWidth + 1)
        guard low <= high, high + reach >= 0, low - reach < Double(fileSampleCount) else { return 0..<0 }
        let first = max(0, Int((low - reach).rounded(.down)))
        let last = min(fileSampleCount, Int((high + reach).rounded(.up)) + 1)
        return first < last ? first..<last : 0..<0
    }

    /// Where the file recorded something, in output samples: within its own length and outside of lost buffers.
    public func validRanges(in output: Range<Int>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        eachRun(in: output) { run, piece in
            let inside = recorded(run, piece)
            guard !inside.isEmpty else { return }
            if let before = ranges.last, before.upperBound == inside.lowerBound {
                ranges[ranges.count - 1] = before.lowerBound..<inside.upperBound
            } else {
                ranges.append(inside)
            }
        }
        return ranges
    }

    /// The part of a run that lies within the file.
    private func recorded(_ run: Range<Int>, _ piece: ClockMap.Piece) -> Range<Int> {
        // Decided for each sample by itself near the ends, so that rounding does not depend on where a block begins.
        let tolerance = 1e-6
        let last = Double(fileSampleCount - 1) + tolerance
        let step = piece.rate * Double(fileRate) / Double(outputRate)
        let start = position(run.lowerBound, piece)
        func bounded(_ offset: Double) -> Int { Int(min(max(offset, 0), Double(run.count))) }
        var first = run.lowerBound + bounded((-start / step).rounded(.down) - 2)
        while first < run.upperBound, position(first, piece) < -tolerance { first += 1 }
        var end = run.lowerBound + bounded(((last - start) / step).rounded(.up) + 2)
        while end > first, position(end - 1, piece) > last { end -= 1 }
        return first..<max(first, end)
    }

    /// Where an output sample lies in the file, in samples: from n alone, so that blocks cut elsewhere give the same bits.
    @inline(__always)
    private func position(_ n: Int, _ piece: ClockMap.Piece) -> Double {
        piece.fileTime(at: Double(n) / Double(outputRate)) * Double(fileRate)
    }

    /// Output samples.
    ///
    /// - Parameters:
    ///   - output: which ones.
    ///   - file: samples of the recording that cover at least ``fileRange(for:)``.
    ///   - start: which sample of the recording `file` begins with.
    /// - Returns: `output.count` samples; zero where the file recorded nothing.
    public func samples(_ output: Range<Int>, of file: [Float], startingAt start: Int) -> [Float] {
        let needed = fileRange(for: output)
        precondition(
            needed.isEmpty || (start <= needed.lowerBound && start + file.count >= needed.upperBound),
            "interpolation needs samples \(needed), not \(start)..<\(start + file.count)")
        var result = [Float](repeating: 0, count: output.count)
        guard !needed.isEmpty else { return result }
        // The recording with zeros around it, so that the inner loop knows no edges.
        let reach = kernel.halfWidth + 1
        var padded = [Float](repeating: 0, count: reach)
        padded += file[needed.lowerBound - start..<needed.upperBound - start]
        padded += [Float](repeating: 0, count: reach)
        let origin = needed.lowerBound - reach
        result.withUnsafeMutableBufferPointer { target in
            padded.withUnsafeBufferPointer { source in
                eachRun(in: output) { run, piece in
                    fill(target, recorded(run, piece), output.lowerBound, piece, from: source, origin)
                }
            }
        }
        return result
    }

    private func fill(
        _ target: UnsafeMutableBufferPointer<Float>, _ run: Range<Int>, _ first: Int, _ piece: ClockMap.Piece,
        from source: UnsafeBufferPointer<Float>, _ origin: Int
    ) {
        kernel.withTable { table in
            for n in run {
                let position = position(n, piece)
                let whole = position.rounded(.down)
                target[n - first] = table.value(source, at: Int(whole) - origin, fraction: Float(position - whole))
            }
        }
    }

    /// Calls with each stretch of output that lies in one piece of the map.
    private func eachRun(in output: Range<Int>, _ body: (Range<Int>, ClockMap.Piece) -> Void) {
        // A sample that lies on the end of a piece but for rounding belongs to the next one.
        func edge(_ time: Double) -> Double { (time * Double(outputRate) - 1e-6).rounded(.up) }
        for piece in map.pieces {
            let first = max(Double(output.lowerBound), edge(piece.start))
            let end = min(Double(output.upperBound), edge(piece.end))
            if first < end { body(Int(first)..<Int(end), piece) }
        }
    }
}
