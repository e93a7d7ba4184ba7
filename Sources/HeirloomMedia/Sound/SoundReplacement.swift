import CLibAV
import Foundation

/// One run of replacing a film's sound: the new sound is encoded, everything else is copied in step with it.
struct SoundReplacement {
    private let muxer: Muxer
    private let copier: StreamCopier
    private let encoder: SoundEncoder
    private let track: UnsafeMutablePointer<AVStream>
    private let sound: AudioReader
    private let film: String

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
        encoder = try SoundEncoder(
            muxer.container == .matroska ? .flac : .aac, sampleRate: sound.info.sampleRate,
            channelCount: sound.info.channelCount, start: start, needsGlobalHeader: muxer.needsGlobalHeader,
            path: output, operation: operation)
        // To the copier, the stream that is made anew is the sound instead of the film.
        let source = StreamCopySource(path: film, videoStreamIndex: stream)
        copier = try StreamCopier(source, muxer: muxer, operation: operation, reading: operation)
        track = try copier.addStreams()
        guard avcodec_parameters_from_context(track.pointee.codecpar, encoder.context) >= 0 else {
            throw MediaError(.libraryFailure, operation, path: output, reason: "the memory does not suffice")
        }
        track.pointee.time_base = AVRational(num: 1, den: Int32(encoder.sampleRate))
        copier.decorate(film: track)
        if keepOriginal { try copier.addOriginal(title: "Original sound") }
        self.sound = sound
        self.film = film
    }

    /// Writes the film.
    ///
    /// - Returns: sentences about what the container could not hold.
    func run(_ progress: (Double) -> Void) throws(MediaError) -> [String] {
        try copier.prepare(shift: .zero)
        // The clock of the copied picture decides, so that its timestamps stay whole ticks.
        let picture = copier.demuxer.streams.first { Demuxer.isFilm($0) }
        try muxer.writeHeader(timeBase: picture?.pointee.time_base.rational ?? Rational(1, Int32(encoder.sampleRate)))
        try copier.begin()
        let resampler = try AudioResampler(
            from: sound.info.sampleRate, to: encoder.sampleRate, channelCount: sound.info.channelCount)
        while let chunk = try sound.read(1 << 15) {
            try write(try resampler.process(chunk.channels))
            if let all = sound.info.sampleCount, all > 0 { progress(min(1, Double(sound.position) / Double(all))) }
        }
        try write(try resampler.finish())
        try write(nil)
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

    private func write(_ channels: [[Float]]?) throws(MediaError) {
        let base = AVRational(num: 1, den: Int32(encoder.sampleRate))
        try encoder.encode(channels) { packet throws(MediaError) in
            try copier.advance(to: MediaTime(packet.pointee.dts, Rational(1, Int32(encoder.sampleRate))))
            av_packet_rescale_ts(packet, base, track.pointee.time_base)
            packet.pointee.stream_index = track.pointee.index
            try muxer.write(packet)
        }
    }
}
