import CLibAV
import Foundation

/// One run of replacing a film's sound: the new sound is encoded, everything else is copied in step with it.
struct SoundReplacement {
    private let muxer: Muxer
    private let copier: StreamCopier
    private let sound: SoundTrack

    /// Opens everything and makes a hidden file beside the target.
    ///
    /// - Parameters:
    ///   - stream: the film's stream that is replaced.
    ///   - start: when the new sound begins on the film's clock, in seconds.
    init(
        film: String, stream: Int, start: Double, sound: AudioReader, output: String, keepOriginal: Bool,
        overwrite: Bool
    ) throws(MediaError) {
        let operation = FilmSound.operation
        muxer = try Muxer(
            path: output, operation: operation, inputs: [film, sound.info.url.path], overwrite: overwrite)
        // To the copier, the stream that is made anew is the sound instead of the film.
        let source = StreamCopySource(path: film, videoStreamIndex: stream)
        copier = try StreamCopier(source, muxer: muxer, operation: operation, reading: operation)
        guard let track = try copier.addStreams()[stream] else { fatalError("'\(film)' lost its stream \(stream)") }
        self.sound = try SoundTrack(
            sound, as: track, start: start, muxer: muxer, path: output, operation: operation)
        copier.decorate(track, as: stream)
        if keepOriginal { try copier.addOriginal(of: stream, title: SoundTrack.originalTitle) }
    }

    /// Writes the film.
    ///
    /// - Returns: sentences about what the container could not hold.
    func run(_ progress: (Double) -> Void) throws(MediaError) -> [String] {
        try copier.prepare(shift: .zero)
        try sound.begin(shift: .zero, isPiece: false, end: nil)
        // The clock of the copied picture decides, so that its timestamps stay whole ticks.
        let picture = copier.demuxer.streams.first { Demuxer.isFilm($0) }
        try muxer.writeHeader(timeBase: picture?.pointee.time_base.rational ?? sound.timeBase)
        try copier.begin()
        try sound.advance(to: nil) { time throws(MediaError) in
            try copier.advance(to: time)
            progress(sound.fraction)
        }
        try copier.finish()
        try muxer.writeTrailer()
        let output = try MediaSummary(path: muxer.temporaryPath)
        let notes =
            sound.notes + copier.notes
            + OutputAudit.notes(
                source: copier.summary, output: output, outputIndices: copier.outputIndices,
                container: muxer.container, wholeFilm: true)
        try muxer.commit()
        return notes
    }
}
