import HeirloomMedia
import HeirloomWorkers
import Synchronization

/// The loops of a film job over a run of segments, each for a thread of its own, and the queues between them.
///
/// A failure anywhere reaches the others through the queues, so nobody waits for ever.
struct FilmLine: Sendable {
    let decoded: ByteQueue<PreparedFrame>
    let treated: ByteQueue<UnpaintedFrame>
    let closing: ByteQueue<ClosingSegment>
    let stretch: FilmStretch
    let facts: SegmentFacts
    /// Frames that could not be treated before: the stage is shown the frame before them instead.
    var untreatable: Set<Int> = []
    let output: VideoFormat
    let flag: CancellationFlag
    let meter: ProgressMeter

    /// Stops all; segments that are being closed are closed.
    func cancel() {
        decoded.cancel()
        treated.cancel()
    }

    /// The first loop: frames, prepared, into the first queue; those before the run-in are passed over.
    ///
    /// - Returns: frames of the whole film; nil where its end was not reached.
    func decode(
        _ reader: VideoReader, _ preparation: @Sendable (VideoFrame) -> PreparedFrame
    ) throws -> Int? {
        var count = 0
        var before: VideoFrame?
        do {
            while var frame = try reader.next() {
                count = frame.index + 1
                if untreatable.contains(frame.index) {
                    facts.keep(frame)
                    frame = frame.replacing(planes: (before ?? frame).planes)
                } else if untreatable.contains(frame.index + 1) {
                    before = frame
                }
                guard frame.index >= stretch.start else {
                    try flag.check()
                    continue
                }
                try decoded.push(preparation(frame))
            }
            decoded.close()
            return count
        } catch {
            if facts.hasEnough { return nil }
            decoded.fail(error)
            throw error
        }
    }

    /// The second loop: the stage, and the account of its frames.
    func treat(_ stage: inout any FrameStage) throws -> FrameLedger {
        var ledger = FrameLedger()
        do {
            var overlapped = stage.overlapped
            defer { stage = overlapped }
            try run(&ledger, &overlapped)
            treated.close()
            return ledger
        } catch {
            decoded.fail(error)
            treated.fail(error)
            throw error
        }
    }

    private func run(_ ledger: inout FrameLedger, _ stage: inout any OverlappedStage) throws {
        var segment: Int?
        while let frame = try decoded.pop() {
            try flag.check()
            ledger.take(frame.frame)
            let frames = try RestorationError.naming(frame.frame) { try stage.process(frame) }
            try pass(frames, &ledger, &segment) { stage.summary.shots }
            guard !facts.hasEnough else {
                // Whatever else the decoder has ready belongs to segments that others do.
                decoded.cancel()
                facts.note(stage.summary.shots, in: segment, stretch)
                return
            }
        }
        let rest = try stage.finishUnpainted()
        try pass(rest, &ledger, &segment) { stage.summary.shots }
        try ledger.close()
        facts.note(stage.summary.shots, in: segment, stretch)
    }

    /// The third loop: frames, painted, into segments.
    func encode(_ sink: SegmentSink, as output: VideoFormat) throws {
        do {
            while let unpainted = try treated.pop() {
                let frame = unpainted.painted()
                try FrameLedger.check(frame, against: unpainted.frame, format: output)
                try sink.write(frame, closing: closing)
                meter.advance()
            }
            try sink.finish(closing: closing)
            closing.close()
        } catch {
            sink.drop()
            treated.fail(error)
            closing.fail(error)
            throw error
        }
    }

    /// The fourth loop: segments become finished.
    func close(_ closer: SegmentCloser) throws {
        do {
            while let segment = try closing.pop() {
                let frames = segment.firstFrame..<segment.firstFrame + segment.count
                try closer.close(
                    segment, shots: facts.shots(in: segment.number),
                    untreated: untreatable.filter(frames.contains).sorted())
            }
        } catch {
            for queue in [closing.fail, treated.fail, decoded.fail] { queue(error) }
            throw error
        }
    }

    /// Frames of the run-in and beyond the end served their purpose in the stage; they go no further.
    private func pass(
        _ frames: [UnpaintedFrame], _ ledger: inout FrameLedger, _ segment: inout Int?, _ shots: () -> [Shot]
    ) throws {
        for frame in frames {
            try ledger.give(frame.frame)
            let index = frame.frame.index
            guard stretch.contains(index) else { continue }
            let number = index / stretch.segmentFrames
            if segment != number {
                // Before the frame that closes the segment is on its way.
                facts.note(shots(), in: segment, stretch)
                segment = number
            }
            if let original = facts.takeKept(index) {
                try treated.push(UnpaintedFrame(finished: original.plain(as: output)))
            } else {
                try treated.push(frame)
            }
            if index + 1 == stretch.end { facts.setEnough() }
        }
    }
}
