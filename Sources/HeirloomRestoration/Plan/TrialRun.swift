import Foundation
import HeirloomMedia
import HeirloomWorkers

/// A piece of a film through the real pipeline: decoding, treatment and encoding side by side, timed.
struct TrialRun: Sendable {
    /// The film.
    let input: String
    /// Where the piece is written; the file goes afterwards.
    let output: String
    let film: FilmSettings
    let makeStage: FilmJob.MakeStage
    /// Frames before the telling one.
    let from: MediaTime
    /// The timestamp of the telling frame, in the film's time base.
    let target: MediaTime
    /// The piece reaches no further than this.
    let limit: MediaTime
    /// Seconds of steady work to measure.
    let seconds: Double

    /// Runs it.
    ///
    /// - Throws: as `FilmJob`.
    func run(_ monitor: JobMonitor) async throws -> TrialResult {
        let flag = monitor.flag
        let clock = TrialClock(target: target, seconds: seconds)
        let decoder = try await Worker(name: "decode") { [self] in
            var options = film.readerOptions
            options.from = from
            options.limit = limit
            // The telling frame is known by its time in the file.
            options.speed = nil
            return try VideoReader(path: input, options: options)
        }
        let format = await decoder.run { $0.format }
        try flag.check()
        let setup = ContinuousClock.now
        let treatment = try await Worker(name: "treat") { [makeStage] in try makeStage(format) }
        let outputFormat = try await treatment.run { stage in
            stage.heed { try flag.check() }
            return try stage.outputFormat(for: format)
        }
        let setupSeconds = (ContinuousClock.now - setup) / .seconds(1)
        try flag.check()
        let encoder = try await Worker(name: "encode") { [self] in
            Optional(
                try SegmentWriter(
                    path: output, format: outputFormat, encoding: film.encoding,
                    threads: film.encoderThreads ?? FilmWork.encoderThreads(for: outputFormat)))
        }
        let preparation = await treatment.run { ($0 as? any OverlappedStage)?.preparation }
        // Short queues: what waits in them when the time is up would still have to be treated.
        let decoded = ByteQueue<PreparedFrame>(byteLimit: film.queueBytes, countLimit: 4) { $0.byteCount }
        let treated = ByteQueue<UnpaintedFrame>(byteLimit: film.queueBytes, countLimit: film.queueFrames) {
            $0.byteCount
        }
        let registration = flag.onCancel {
            decoded.cancel()
            treated.cancel()
        }
        let line = TrialLine(decoded: decoded, treated: treated, clock: clock, flag: flag)
        clock.start()
        do {
            async let decoding: Void = decoder.run { try line.decode($0, preparation) }
            async let treating: Void = treatment.run { try line.treat(&$0) }
            async let encoding: Void = encoder.run { try line.encode($0) }
            _ = try await (decoding, treating, encoding)
            try flag.check()
            try await encoder.run { _ = try $0?.finish() }
            clock.end()
            withExtendedLifetime(registration) {}
            await treatment.end()
        } catch {
            await encoder.run { $0 = nil }
            await treatment.end()
            if flag.isCancelled { throw CancellationError() }
            throw error
        }
        let packets = try PacketTimeline(segment: output, timeBase: outputFormat.timeBase)
        try? FileManager.default.removeItem(atPath: output)
        return clock.result(setupSeconds: setupSeconds, packets: packets, format: outputFormat)
    }
}

/// The three loops of a trial.
struct TrialLine: Sendable {
    let decoded: ByteQueue<PreparedFrame>
    let treated: ByteQueue<UnpaintedFrame>
    let clock: TrialClock
    let flag: CancellationFlag

    func decode(_ reader: VideoReader, _ preparation: (@Sendable (VideoFrame) -> PreparedFrame)?) throws {
        do {
            while !clock.isOver, let frame = try reader.next() {
                clock.saw(frame)
                try decoded.push(preparation.map { $0(frame) } ?? PreparedFrame(frame: frame))
            }
            decoded.close()
        } catch {
            decoded.fail(error)
            throw error
        }
    }

    func treat(_ stage: inout any FrameStage) throws {
        do {
            while let prepared = try decoded.pop() {
                try flag.check()
                // What waits when the time is up is left untreated: the trial ends here.
                if clock.isOver { continue }
                clock.took(prepared.frame)
                try pass(
                    RestorationError.naming(prepared.frame) {
                        if var overlapped = stage as? any OverlappedStage {
                            defer { stage = overlapped }
                            return try overlapped.process(prepared)
                        }
                        return try stage.process(prepared.frame).map(UnpaintedFrame.init(finished:))
                    })
            }
            clock.stopTaking()
            // What the stage still holds back was not asked for: finishing it may take longer than all that was measured.
            if clock.isOver {
                treated.close()
                return
            }
            if var overlapped = stage as? any OverlappedStage {
                defer { stage = overlapped }
                try pass(overlapped.finishUnpainted())
            } else {
                try pass(stage.finish().map(UnpaintedFrame.init(finished:)))
            }
            treated.close()
        } catch {
            decoded.fail(error)
            treated.fail(error)
            throw error
        }
    }

    func encode(_ writer: SegmentWriter?) throws {
        do {
            while let unpainted = try treated.pop() {
                let frame = unpainted.painted()
                try writer?.write(frame)
                clock.wrote(frame)
            }
        } catch {
            treated.fail(error)
            throw error
        }
    }

    private func pass(_ frames: [UnpaintedFrame]) throws {
        for frame in frames { try treated.push(frame) }
    }
}
