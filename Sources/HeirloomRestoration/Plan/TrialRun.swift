import Foundation
import HeirloomMedia
import HeirloomWorkers

/// A piece of a film through a treatment as a film job does it: decoding, treatment and encoding side by side, timed.
///
/// Of two treatments in a chain each has a trial of its own: the first one's frames are kept, and as many of them go
/// through the second as it takes to measure that. Together they took as long as a good part of the job, since a stage
/// that gives its frames in bursts made the other treat whole bursts.
struct TrialRun: Sendable {
    /// The film.
    let input: String
    /// Where the frames come from.
    let source: TrialSource
    /// Where the piece is written, a file that goes afterwards; nil to keep the frames from the telling one on.
    let output: String?
    let film: FilmSettings
    let makeStage: FilmJob.MakeStage
    /// The timestamp of the telling frame, in the film's time base.
    let target: MediaTime
    /// Seconds of steady work to measure; nil to treat nothing behind the telling frame, where frames take long.
    let seconds: Double?

    /// Frames that wait for the treatment: what waits when the time is up was decoded for nothing.
    static let waiting = 4

    /// Runs it.
    ///
    /// - Throws: as `FilmJob`.
    func run(_ monitor: JobMonitor) async throws -> TrialResult {
        let flag = monitor.flag
        let decoder = try await Worker(name: "decode") { [self] in
            try TrialReader(source, path: input, options: film.readerOptions)
        }
        let format = await decoder.run { $0.format }
        try flag.check()
        let setup = ContinuousClock.now
        let treatment = try await Worker(name: "treat") { [makeStage] in try makeStage(format).overlapped }
        let outputFormat = try await treatment.run { stage in
            stage.heed { try flag.check() }
            return try stage.outputFormat(for: format)
        }
        let setupSeconds = (ContinuousClock.now - setup) / .seconds(1)
        try flag.check()
        let encoder = try await Worker(name: "encode") { [self] in Optional(try writer(outputFormat)) }
        let preparation = await treatment.run { $0.preparation }
        let decoded = ByteQueue<PreparedFrame>(byteLimit: film.queueBytes, countLimit: Self.waiting) { $0.byteCount }
        let treated = ByteQueue<UnpaintedFrame>(byteLimit: film.queueBytes, countLimit: film.queueFrames) {
            $0.byteCount
        }
        let registration = flag.onCancel {
            decoded.cancel()
            treated.cancel()
        }
        let clock = TrialClock(target: target, seconds: seconds ?? 0, held: source.byteCount)
        let line = TrialLine(
            decoded: decoded, treated: treated, clock: clock, flag: flag, endsAtTarget: seconds == nil)
        clock.start()
        var kept: [VideoFrame] = []
        do {
            async let decoding: Void = decoder.run { try line.decode(&$0, preparation) }
            async let treating: Void = treatment.run { try line.treat(&$0) }
            async let encoding: Void = encoder.run { try line.encode(&$0) }
            _ = try await (decoding, treating, encoding)
            try flag.check()
            kept = try await encoder.run { try $0?.finish() ?? [] }
            clock.end()
            withExtendedLifetime(registration) {}
            await treatment.end()
        } catch {
            await encoder.run { $0 = nil }
            await treatment.end()
            if flag.isCancelled { throw CancellationError() }
            throw error
        }
        var packets: PacketTimeline?
        if let output {
            packets = try PacketTimeline(segment: output, timeBase: outputFormat.timeBase)
            try? FileManager.default.removeItem(atPath: output)
        }
        return clock.result(setupSeconds: setupSeconds, packets: packets, kept: kept, format: outputFormat)
    }

    private func writer(_ format: VideoFormat) throws -> TrialWriter {
        guard let output else { return .memory([], from: target, byteCount: 0) }
        return .segment(
            try SegmentWriter(
                path: output, format: format, encoding: film.encoding,
                threads: film.encoderThreads ?? FilmWork.encoderThreads(for: format)))
    }
}

extension TrialSource {
    /// What it holds in memory, in bytes.
    fileprivate var byteCount: Int {
        switch self {
        case .film: 0
        case .frames(let frames, _): frames.reduce(0) { $0 + $1.byteCount }
        }
    }
}
