import HeirloomMedia
import HeirloomWorkers

/// Puts frames into segments, on the thread that encodes.
final class SegmentSink {
    private let journal: Journal
    private let format: VideoFormat
    private let encoding: VideoEncoding
    private let threads: Int
    private let segmentFrames: Int
    private var open: ClosingSegment?

    init(_ journal: Journal, _ record: JobRecord) {
        self.journal = journal
        format = record.format
        encoding = record.description.film.encoding
        threads = record.encoderThreads
        segmentFrames = record.segmentFrames
    }

    /// Writes a frame; a segment that is full goes to be closed, so that its last frames are coded while the next begins.
    func write(_ frame: VideoFrame, closing: ByteQueue<ClosingSegment>) throws {
        let number = frame.index / segmentFrames
        if let open, open.number != number { try finish(closing: closing) }
        let segment: ClosingSegment
        if let open {
            segment = open
        } else {
            segment = ClosingSegment(
                number: number, firstFrame: frame.index,
                writer: try SegmentWriter(
                    path: journal.path(ofSegment: number), format: format, encoding: encoding, threads: threads))
            open = segment
        }
        try segment.writer.write(frame)
        segment.count += 1
        if frame.isCorrupt { segment.damaged.append(frame.index) }
    }

    /// Hands over the open segment, whole.
    func finish(closing: ByteQueue<ClosingSegment>) throws {
        guard let segment = open else { return }
        open = nil
        try closing.push(segment)
    }

    /// Forgets the open segment, and its file.
    func drop() { open = nil }
}

/// A segment on its way from the thread that filled it to the one that closes it.
///
/// `@unchecked Sendable`: handed over once, through a queue; the sender keeps nothing.
final class ClosingSegment: @unchecked Sendable {
    let number: Int
    let firstFrame: Int
    let writer: SegmentWriter
    var count = 0
    var damaged: [Int] = []

    init(number: Int, firstFrame: Int, writer: SegmentWriter) {
        self.number = number
        self.firstFrame = firstFrame
        self.writer = writer
    }
}

/// Makes filled segments count: codes their last frames, flushes, hashes, writes the record.
struct SegmentCloser: Sendable {
    let journal: Journal
    let source: SourceIdentity
    let input: String

    func close(_ segment: ClosingSegment, shots: [Shot], untreated: [Int]) throws {
        let summary = try segment.writer.finish()
        // What came from a file that is being written to counts for nothing.
        try source.requireUnchanged(input)
        guard summary.frames.count == segment.count else {
            throw RestorationError(
                .frameLost,
                "Segment \(segment.number) has \(summary.frames.count) frames after \(segment.count) were written into it; nothing was kept of it."
            )
        }
        try journal.close(
            SegmentRecord(
                number: segment.number, firstFrame: segment.firstFrame, summary: summary,
                sha256: JobFiles.digest(journal.path(ofSegment: segment.number)), damaged: segment.damaged,
                untreated: untreated, shots: shots))
    }
}
