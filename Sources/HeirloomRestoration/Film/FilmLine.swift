import HeirloomMedia
import HeirloomWorkers

/// The three loops of a film job, each for a thread of its own, and the queues between them.
///
/// A failure anywhere reaches the other two through the queues, so nobody waits for ever.
struct FilmLine: Sendable {
    let decoded: ByteQueue<VideoFrame>
    let treated: ByteQueue<VideoFrame>
    let flag: CancellationFlag
    let meter: ProgressMeter

    /// Stops all three.
    func cancel() {
        decoded.cancel()
        treated.cancel()
    }

    /// The first loop: frames into the first queue.
    func decode(_ reader: VideoReader) throws {
        do {
            while let frame = try reader.next() { try decoded.push(frame) }
            decoded.close()
        } catch {
            decoded.fail(error)
            throw error
        }
    }

    /// The second loop: the stage, and the account of its frames.
    func treat(_ stage: inout any FrameStage, into output: VideoFormat) throws -> FrameLedger {
        var ledger = FrameLedger(output: output)
        do {
            while let frame = try decoded.pop() {
                try flag.check()
                ledger.take(frame)
                try pass(naming(frame) { try stage.process(frame) }, &ledger)
            }
            try pass(stage.finish(), &ledger)
            try ledger.close()
            treated.close()
            return ledger
        } catch {
            decoded.fail(error)
            treated.fail(error)
            throw error
        }
    }

    /// The third loop: frames into the film.
    func encode(_ writer: VideoWriter?) throws {
        do {
            while let frame = try treated.pop() {
                try writer?.write(frame)
                meter.advance()
            }
        } catch {
            treated.fail(error)
            throw error
        }
    }

    private func pass(_ frames: [VideoFrame], _ ledger: inout FrameLedger) throws {
        for frame in frames {
            try ledger.give(frame)
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
