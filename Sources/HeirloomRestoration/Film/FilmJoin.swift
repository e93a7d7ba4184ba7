import HeirloomMedia

/// Puts the segments of one or several journals into one file and reads it back.
struct FilmJoin {
    let journals: [Journal]
    let record: JobRecord
    /// The source, for all that is not the film.
    let input: String
    /// What the source was when this run began.
    let identity: SourceIdentity
    let sound: NewSound?
    /// The file to make.
    let joined: String
    /// What it will be called.
    let target: String

    /// Does it; the file is on the disk and proven whole afterwards.
    ///
    /// - Returns: sentences about what the container could not hold.
    /// - Throws: `frameLost` where segments do not add up to the film; `MediaError`.
    func run(_ check: () throws -> Void) throws -> [String] {
        let settings = record.description.film
        let segments = journals.flatMap { journal in journal.segments.map { (journal, $0) } }
        let frames = segments.flatMap { $0.1.summary.frames }
        try requireWhole(segments.map(\.1))
        let source = StreamCopySource(
            path: input, videoStreamIndex: record.videoStream, from: settings.from, limit: settings.limit,
            stretch: record.stretch)
        let assembler = try FilmAssembler(
            path: joined, target: target, format: record.format, encoding: settings.encoding, copying: source,
            sound: sound)
        for (journal, segment) in segments {
            try check()
            try assembler.append(segment: journal.path(ofSegment: segment.number))
        }
        let notes = try assembler.finish()
        try check()
        try identity.requireUnchanged(input)
        _ = try FilmVerification.check(
            joined, frames: frames, timeBase: record.format.timeBase,
            isPiece: settings.from != nil || settings.limit != nil, streams: assembler.streams)
        return notes
    }

    /// One segment after the other, all full but the last, as many frames as the film has.
    private func requireWhole(_ segments: [SegmentRecord]) throws {
        guard let total = journals.compactMap(\.end).first?.frames else {
            throw RestorationError(.frameLost, "The end of the film was not reached; nothing was written.")
        }
        var next = 0
        for segment in segments {
            guard segment.firstFrame == next else {
                throw RestorationError(
                    .frameLost,
                    "Frame \(next) was due, but a segment begins with frame \(segment.firstFrame); nothing was written."
                )
            }
            next += segment.summary.frames.count
        }
        guard next == total else {
            throw RestorationError(
                .frameLost, "The film has \(total) frames, but its segments have \(next); nothing was written.")
        }
    }
}
