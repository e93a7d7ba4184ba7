import HeirloomMedia
import HeirloomWorkers

/// The three loops of a trial, each for a thread of its own, and the queues between them.
struct TrialLine: Sendable {
    let decoded: ByteQueue<PreparedFrame>
    let treated: ByteQueue<UnpaintedFrame>
    let clock: TrialClock
    let flag: CancellationFlag
    /// Whether the telling frame is the last one that is treated.
    let endsAtTarget: Bool

    /// The first loop: frames, prepared, into the first queue.
    func decode(_ reader: inout TrialReader, _ preparation: @Sendable (VideoFrame) -> PreparedFrame) throws {
        do {
            while !clock.isOver, let frame = try reader.next() {
                clock.saw(frame)
                try decoded.push(preparation(frame))
                if endsAtTarget, frame.pts >= clock.target { break }
            }
            decoded.close()
        } catch {
            decoded.fail(error)
            throw error
        }
    }

    /// The second loop: the stage.
    func treat(_ stage: inout any OverlappedStage) throws {
        do {
            while let prepared = try decoded.pop() {
                try flag.check()
                // What waits when the time is up is left untreated: the trial ends here.
                if clock.isOver { continue }
                clock.took(prepared)
                try pass(RestorationError.naming(prepared.frame) { try stage.process(prepared) })
            }
            clock.stopTaking()
            // What the stage still holds back was not asked for: finishing it may take longer than all that was measured.
            if !clock.isOver { try pass(stage.finishUnpainted()) }
            treated.close()
        } catch {
            decoded.fail(error)
            treated.fail(error)
            throw error
        }
    }

    /// The third loop: frames, painted, to where they go.
    func encode(_ writer: inout TrialWriter?) throws {
        do {
            while let unpainted = try treated.pop() {
                let frame = unpainted.painted()
                let kept = try writer?.write(frame) ?? 0
                clock.wrote(frame, kept: kept)
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
