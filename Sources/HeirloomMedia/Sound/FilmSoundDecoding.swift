import CLibAV
import Foundation

/// A sound track of a file and its decoder as one source of decoded pieces, drained to the last and going on after
/// damage. Used on one thread.
final class FilmSoundDecoding {
    /// A decoded piece.
    struct Piece {
        /// Its timestamp in the stream's ticks; nil where it has none.
        let ticks: Int64?
        /// One array per channel, not empty.
        var channels: [[Float]]
    }

    let demuxer: Demuxer
    let stream: UnsafeMutablePointer<AVStream>
    let timeBase: Rational
    /// The position among the sound tracks, and their number.
    let track: Int
    let trackCount: Int
    /// Pieces that could not be decoded.
    private(set) var failures = 0
    /// Why the end came before the end; nil where it did not.
    private(set) var endsEarly: String?
    /// Set by the first piece.
    private(set) var converter: PlanarConverter?

    private let decoder: SoundDecoder
    private var state = State.reading
    private var failuresInRow = 0

    private enum State {
        case reading
        case draining
        case ended
    }

    /// Opens a track at its beginning.
    init(path: String, track: Int?) throws(MediaError) {
        let operation = AudioReader.operation
        // Pictures are never decoded here; the limit keeps probing from allocating for a damaged size.
        demuxer = try Demuxer(path: path, operation: operation, maximumPixels: 1 << 28, subject: .sound)
        let tracks = demuxer.streams.filter { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO }
        trackCount = tracks.count
        guard !tracks.isEmpty else {
            let isFilm = demuxer.streams.contains { Demuxer.isFilm($0) }
            throw MediaError(
                .noSound, operation, path: path, reason: isFilm ? "it is a film without sound" : "it holds no sound",
                advice: "give a sound or a film with sound")
        }
        if let track {
            guard tracks.indices.contains(track) else {
                throw MediaError(
                    .outOfRange, operation, path: path,
                    reason: "it has \(tracks.count) sound track\(tracks.count == 1 ? "" : "s"),"
                        + " there is none with the number \(track)",
                    advice: "tracks count from 0")
            }
            self.track = track
        } else {
            let best = av_find_best_stream(demuxer.context, AVMEDIA_TYPE_AUDIO, -1, -1, nil, 0)
            self.track = tracks.firstIndex { $0.pointee.index == best } ?? 0
        }
        stream = tracks[self.track]
        guard let base = stream.pointee.time_base.rational else {
            throw MediaError(
                .corrupt, operation, path: path, reason: "its sound has no clock (time base 0)",
                advice: "copy it again from where it came from")
        }
        timeBase = base
        decoder = try SoundDecoder(stream, path: path, operation: operation)
        demuxer.keepOnly([Int(stream.pointee.index)])
    }

    /// The next piece; nil at the end.
    ///
    /// - Throws: `unreadable` where the disk fails; damage does not throw, it is counted.
    func next() throws(MediaError) -> Piece? {
        while state != .ended {
            switch decoder.receive() {
            case .frame(let frame): if let piece = try piece(of: frame) { return piece }
            case .drained: state = .ended
            case .failure(let error): try count(error)
            case .wantsPacket:
                // A draining decoder that wants a packet has been flushed by an error; there is nothing left to send.
                if state == .draining { state = .ended } else { try feed() }
            }
        }
        return nil
    }

    /// Goes to the last place at or before a timestamp where decoding can start; false where the container cannot.
    func restart(at ticks: Int64) -> Bool {
        guard av_seek_frame(demuxer.context, stream.pointee.index, ticks, AVSEEK_FLAG_BACKWARD) >= 0 else {
            return false
        }
        decoder.flush()
        state = .reading
        failuresInRow = 0
        return true
    }

    /// Whether decoding may start anywhere: what came long before has no influence.
    var isRestartable: Bool {
        let codec = stream.pointee.codecpar.pointee.codec_id
        if codec.rawValue >= AV_CODEC_ID_FIRST_AUDIO.rawValue
            && codec.rawValue < AV_CODEC_ID_ADPCM_IMA_QT.rawValue
        {
            return true  // uncompressed
        }
        return [
            AV_CODEC_ID_AAC, AV_CODEC_ID_MP1, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3, AV_CODEC_ID_AC3, AV_CODEC_ID_EAC3,
            AV_CODEC_ID_VORBIS, AV_CODEC_ID_OPUS, AV_CODEC_ID_FLAC, AV_CODEC_ID_ALAC, AV_CODEC_ID_WAVPACK,
            AV_CODEC_ID_DTS, AV_CODEC_ID_TRUEHD,
        ].contains(codec)
    }

    private func piece(of frame: UnsafeMutablePointer<AVFrame>) throws(MediaError) -> Piece? {
        if converter == nil {
            converter = try PlanarConverter(like: frame.pointee, path: demuxer.path, operation: AudioReader.operation)
        }
        guard let channels = converter?.convert(frame) else {
            failures += 1
            return nil
        }
        guard let first = channels.first, !first.isEmpty else { return nil }
        let ticks = frame.pointee.best_effort_timestamp
        return Piece(ticks: ticks == heirloom_nopts() ? nil : ticks, channels: channels)
    }

    private func feed() throws(MediaError) {
        switch demuxer.read() {
        case .end: drain()
        case .failure(let error):
            if error.code == heirloom_averror(EIO) || error.code == heirloom_averror(ENOMEM) {
                throw error.mediaError(.unreadable, AudioReader.operation, path: demuxer.path)
            }
            failuresInRow += 1
            // Some demuxers resynchronise after an error, others repeat it for ever.
            if failuresInRow >= 16 {
                endsEarly = "the file cannot be read on (\(error.text))"
                drain()
            }
        case .packet(let packet):
            failuresInRow = 0
            guard packet.pointee.stream_index == stream.pointee.index else { return }
            if let error = decoder.send(packet) { try count(error) }
        }
    }

    private func drain() {
        state = .draining
        _ = decoder.send(nil)
    }

    private func count(_ error: LibraryError) throws(MediaError) {
        if error.code == heirloom_averror(ENOMEM) {
            throw MediaError(
                .libraryFailure, AudioReader.operation, path: demuxer.path, reason: "the memory does not suffice",
                advice: "close other programs")
        }
        failures += 1
    }
}
