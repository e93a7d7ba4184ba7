import CLibAV
import Foundation

/// A film being put into its container: what is the same whether its packets come from an encoder or from segments.
///
/// The film's packets, the streams that are copied from a source and a new sound go in side by side, so that memory
/// stays flat. Used on one thread.
final class FilmOutput {
    let muxer: Muxer
    /// The film's stream, whose coding the caller fills in before the first packet.
    let film: UnsafeMutablePointer<AVStream>
    private let format: VideoFormat
    private let copier: StreamCopier?
    private let sound: SoundTrack?
    private let isPiece: Bool
    private let operation: String
    /// What is subtracted from the film's clock, in ticks.
    private(set) var shift: Int64 = 0
    private var inexact = 0
    private var written = 0
    private var notes: [String] = []

    /// Makes the streams of the output.
    ///
    /// - Parameters:
    ///   - copying: where the other streams come from; nil for the film alone.
    ///   - followsFilm: whether the other streams last as much longer than in the source as the film's ticks do.
    ///   - sound: what takes the place of one of their sound tracks.
    ///   - path: the output, for errors.
    init(
        muxer: Muxer, format: VideoFormat, copying: StreamCopySource?, followsFilm: Bool, sound: NewSound?,
        path: String, operation: String
    ) throws(MediaError) {
        self.muxer = muxer
        self.format = format
        self.operation = operation
        isPiece = copying?.isPiece ?? false
        guard let copying else {
            precondition(sound == nil, "a new sound takes the place of a track, and there is no film that has one")
            film = try muxer.addStream()
            copier = nil
            self.sound = nil
            return
        }
        var old: (stream: Int, start: Double)?
        if let sound {
            let source = try FilmSoundSource(
                url: URL(fileURLWithPath: copying.path), path: copying.path, track: sound.track)
            old = (source.streamIndex, sound.start ?? source.info.startTime)
        }
        let copier = try StreamCopier(
            copying, renewing: Set([old?.stream].compactMap(\.self)), clock: followsFilm ? format.timeBase : nil,
            muxer: muxer, operation: operation)
        let made = try copier.addStreams()
        guard let film = made[copying.videoStreamIndex] else {
            fatalError("the film's stream vanished from '\(copying.path)'")
        }
        self.film = film
        self.copier = copier
        if let sound, let old, let track = made[old.stream] {
            let reader = try AudioReader(contentsOf: URL(fileURLWithPath: sound.path))
            self.sound = try SoundTrack(
                reader, as: track, start: old.start, muxer: muxer, path: path, operation: operation)
            copier.decorate(track, as: old.stream)
            if sound.keepOriginal { try copier.addOriginal(of: old.stream, title: SoundTrack.originalTitle) }
        } else {
            self.sound = nil
        }
    }

    /// Writes everything that stands before the first packet; the film's stream knows its coding.
    ///
    /// - Parameters:
    ///   - pts: when the film's first frame appears, in ticks of its time base.
    ///   - codec: how the film is coded.
    func begin(at pts: Int64, codec: VideoCodec) throws(MediaError) {
        film.pointee.time_base = format.timeBase.av
        film.pointee.sample_aspect_ratio = format.sampleAspectRatio.av
        if let rate = format.frameRate {
            film.pointee.avg_frame_rate = rate.av
        }
        if codec == .h265 && muxer.container != .matroska {
            film.pointee.codecpar.pointee.codec_tag = VideoWriter.tag("hvc1")  // the one that Apple's players accept
        }
        if codec == .ffv1 && muxer.container == .mov {
            notes.append("FFV1 in QuickTime is opened by players made with FFmpeg (VLC, mpv) and by few others.")
        }
        if let copier { copier.decorate(film, as: copier.source.videoStreamIndex) }
        shift = FilmOutput.shift(first: pts, isPiece: isPiece)
        if shift < 0 && !isPiece {
            notes.append(
                "The film starts \(MediaTime(-pts, format.timeBase)) before zero, where \(muxer.container.title)"
                    + " shows nothing; all streams are moved by as much.")
        }
        let moved = MediaTime(shift, format.timeBase)
        try copier?.prepare(shift: moved)
        try sound?.begin(shift: moved, isPiece: isPiece, end: copier?.end)
        try muxer.writeHeader(timeBase: format.timeBase)
        try copier?.begin()
    }

    /// What is subtracted from the clock of a film: a piece starts at zero, and no film starts before it. MP4 and
    /// QuickTime show nothing there, and FFmpeg reads a block of Matroska without a time where it lies there.
    static func shift(first pts: Int64, isPiece: Bool) -> Int64 {
        isPiece ? pts : min(pts, 0)
    }

    /// Writes a packet of the film and, before it, what belongs there of the other streams.
    ///
    /// - Parameter packet: its times in ticks of the film's time base, as the film counts them; changed.
    func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) {
        packet.pointee.pts -= shift
        packet.pointee.dts -= shift
        let moment = MediaTime(packet.pointee.dts, format.timeBase)
        try sound?.advance(to: moment) { time throws(MediaError) in try copier?.advance(to: time) }
        try copier?.advance(to: moment)
        if let base = film.pointee.time_base.rational, !MediaTime(packet.pointee.pts, format.timeBase).isExact(in: base)
        {
            inexact += 1
        }
        written += 1
        av_packet_rescale_ts(packet, format.timeBase.av, film.pointee.time_base)
        packet.pointee.stream_index = film.pointee.index
        try muxer.write(packet)
    }

    /// Writes what is left of the other streams and the trailer, and looks at what came out.
    ///
    /// - Returns: sentences about what the container could not hold.
    func finish() throws(MediaError) -> [String] {
        try sound?.advance(to: nil) { time throws(MediaError) in try copier?.advance(to: time) }
        try copier?.finish()
        try muxer.writeTrailer()
        var notes = self.notes + (sound?.notes ?? []) + (copier?.notes ?? [])
        if inexact > 0 {
            notes.append(
                "\(muxer.container.title) counts in whole milliseconds: \(inexact) of \(written) timestamps"
                    + " were rounded by less than a millisecond. MP4 and QuickTime (.mov) keep them exactly.")
        }
        let output = try MediaSummary(path: muxer.temporaryPath)
        if let note = OutputAudit.colorNote(format, output: output, container: muxer.container) { notes.append(note) }
        if let copier {
            let (indices, lost) = placesOfCopies(copier)
            notes += lost
            notes += OutputAudit.notes(
                source: copier.summary, output: output, outputIndices: indices,
                container: muxer.container, wholeFilm: !copier.source.isPiece)
        }
        return notes
    }

    /// Where the source's streams are in the finished file, and sentences about those that had nothing in them: a
    /// damaged header tells of streams that never come.
    private func placesOfCopies(_ copier: StreamCopier) -> (indices: [Int: Int], notes: [String]) {
        guard !muxer.container.keepsEmptyStreams else { return (copier.outputIndices, []) }
        let kept = streams.map(\.index)
        var (indices, notes) = ([Int: Int](), [String]())
        for (index, place) in copier.outputIndices.sorted(by: { $0.key < $1.key }) {
            if let found = kept.firstIndex(of: place) {
                indices[index] = found
            } else {
                notes.append(
                    "Stream \(index) (\(copier.summary.streams[index].kind.rawValue)) is left out: nothing of it could be"
                        + " copied, and \(muxer.container.title) holds no empty streams.")
            }
        }
        return (indices, notes)
    }

    /// What went into each stream so far; without the streams that the container drops because nothing did.
    var streams: [JoinedStream] {
        (0..<Int(muxer.context.pointee.nb_streams)).compactMap { index in
            guard let stream = muxer.context.pointee.streams[index] else { return nil }
            let entry = muxer.written[index]
            guard entry != nil || muxer.container.keepsEmptyStreams else { return nil }
            return JoinedStream(
                index: index, kind: .init(stream), packetCount: entry?.packets ?? 0, last: entry?.last)
        }
    }
}
