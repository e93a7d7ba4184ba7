import HeirloomMedia
import HeirloomWorkers

/// The three loops of a film job, each for a thread of its own, and the queues between them.
///
/// A failure anywhere reaches the other two through the queues, so nobody waits for ever.
struct FilmLine: Sendable {
    let decoded: ByteQueue<PreparedFrame>
    let treated: ByteQueue<UnpaintedFrame>
    let flag: CancellationFlag
    let meter: ProgressMeter

    /// Stops all three.
    func cancel() {
        decoded.cancel()
        treated.cancel()
    }

    /// The first loop: frames, prepared, into the first queue.
    func decode(_ reader: VideoReader, _ preparation: (@Sendable (VideoFrame) -> PreparedFrame)?) throws {
        do {
            while let frame = try reader.next() {
                try decoded.push(preparation.map { $0(frame) } ?? PreparedFrame(frame: frame))
            }
            decoded.close()
        } catch {
            decoded.fail(error)
            throw error
        }
    }

    /// The second loop: the stage, and the account of its frames.
    func treat(_ stage: inout any FrameStage) throws -> FrameLedger {
        var ledger = FrameLedger()
        do {
            if var overlapped = stage as? any OverlappedStage {
                defer { stage = overlapped }
                try run(&ledger) {
                    try overlapped.process($0)
                } finishing: {
                    try overlapped.finishUnpainted()
                }
            } else {
                try run(&ledger) {
                    try stage.process($0.frame).map(UnpaintedFrame.init(finished:))
                } finishing: {
                    try stage.finish().map(UnpaintedFrame.init(finished:))
                }
            }
            treated.close()
            return ledger
        } catch {
            decoded.fail(error)
            treated.fail(error)
            throw error
        }
    }

    private func run(
        _ ledger: inout FrameLedger, _ process: (PreparedFrame) throws -> [UnpaintedFrame],
        finishing finish: () throws -> [UnpaintedFrame]
    ) throws {
        while let frame = try decoded.pop() {
            try flag.check()
            ledger.take(frame.frame)
            try pass(naming(frame.frame) { try process(frame) }, &ledger)
        }
        try pass(finish(), &ledger)
        try ledger.close()
    }

    /// The third loop: frames, painted, into the film.
    func encode(_ writer: VideoWriter?, as output: VideoFormat) throws {
        do {
            while let unpainted = try treated.pop() {
                let frame = unpainted.painted()
                try FrameLedger.check(frame, against: unpainted.frame, format: output)
                try writer?.write(frame)
                meter.advance()
            }
        } catch {
            treated.fail(error)
            throw error
        }
    }

    private func pass(_ frames: [UnpaintedFrame], _ ledger: inout FrameLedger) throws {
        for frame in frames {
            try ledger.give(frame.frame)
            try treated.push(frame)
        }
    }

    /// Errors of a stage that do not say which frame they are about get the one it was working on.
    private func naming<R>(_ frame: VideoFrame, _ body: () throws -> R) throws -> R {
        do {
            return try body()
        } catch let error as RestorationError {
            throw error
        } catch let error as MediaError {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw RestorationError(.frameFailed, "Cannot treat frame \(frame.index) (at \(frame.pts)): \(error).")
        }
    }
}
