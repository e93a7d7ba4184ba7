import CLibAV
import Foundation

/// Sound that FFmpeg reads: of films, and of sound files that libsndfile does not know.
final class FilmSoundSource: SoundSource {
    let info: AudioInfo

    private var decoding: FilmSoundDecoding
    private var timeline: SoundTimeline
    private let path: String
    private let firstTicks: Int64
    /// Decoded samples around the position, so that short ways back cost nothing.
    private var recent: SoundHistory
    private var position = 0
    /// Silence that is still to come before `waiting`.
    private var gap = 0
    private var waiting: [[Float]]?
    private var hasEnded = false
    /// The piece behind the next where it had to be looked at early, and the end that the container states exactly.
    private var following: FilmSoundDecoding.Piece?
    private let statedEnd: Int?
    /// Places to go back to: the timestamp of a piece and the line before it was placed, about one a second.
    private var marks: [(ticks: Int64, timeline: SoundTimeline)] = []

    /// Opens a track.
    init(url: URL, path: String, track: Int?) throws(MediaError) {
        let decoding = try FilmSoundDecoding(path: path, track: track)
        guard let first = try decoding.next(), let converter = decoding.converter else {
            throw MediaError(
                .corrupt, AudioReader.operation, path: path, reason: "none of its sound can be decoded",
                advice: "check that it plays; if not, copy it again from where it came from")
        }
        self.decoding = decoding
        self.path = path
        firstTicks = first.ticks ?? 0
        info = FilmSoundSource.info(url: url, decoding, converter, firstTicks: firstTicks)
        statedEnd = decoding.demuxer.formatName.hasPrefix("mov,") ? info.sampleCount : nil
        // Silence is filled in up to an hour, but not beyond where the file itself says that it ends.
        let longest = 3600 * converter.sampleRate
        timeline = SoundTimeline(
            rate: converter.sampleRate, timeBase: decoding.timeBase, origin: firstTicks,
            longestGap: min(longest, info.sampleCount ?? 60 * converter.sampleRate))
        recent = SoundHistory(
            channelCount: converter.channelCount,
            keep: min(30 * converter.sampleRate, (1 << 23) / converter.channelCount))
        take(first)
    }

    /// The stream's index in the file.
    var streamIndex: Int { Int(decoding.stream.pointee.index) }

    /// Whether the file holds a moving picture too.
    var hasPicture: Bool { decoding.demuxer.streams.contains { Demuxer.isFilm($0) } }

    var notes: [String] {
        var notes: [String] = []
        func time(_ samples: Int) -> String {
            MediaTime(seconds: Double(samples) / Double(info.sampleRate)).description
        }
        if decoding.failures > 0 {
            let count = decoding.failures
            notes.append("\(count) piece\(count == 1 ? "" : "s") of the sound could not be decoded.")
        }
        if timeline.filled > 0 {
            notes.append("Gaps of \(time(timeline.filled)) in all were filled with silence, as its timestamps say.")
        }
        if timeline.dropped > 0 {
            notes.append("\(time(timeline.dropped)) of sound that came twice by its timestamps were left out.")
        }
        if timeline.jumps > 0 {
            notes.append("Its timestamps jump in \(timeline.jumps) place(s); the sound goes on there.")
        }
        if decoding.converter?.hasChanged == true {
            notes.append("Its rate or channels change on the way; it is given in those that it begins with.")
        }
        if let reason = decoding.endsEarly {
            notes.append("It ends at \(time(timeline.end)): \(reason).")
        } else if hasEnded, let stated = info.sampleCount, stated - timeline.end > info.sampleRate {
            notes.append("Its header states \(time(stated)), its sound ends at \(time(timeline.end)).")
        }
        return notes
    }

    func read(_ count: Int) throws(MediaError) -> [[Float]] {
        while recent.end < position + count {
            recent.trim(before: position)
            guard try advance() else { break }
        }
        let result = recent.samples(position..<max(position, min(position + count, recent.end)))
        position += result[0].count
        return result
    }

    func seek(to sample: Int) throws(MediaError) {
        if sample < recent.start { try goBack(to: sample) }
        position = sample
        while recent.end < sample {
            recent.trim(before: recent.end)
            guard try advance() else { break }
        }
    }

    /// Adds a little to the recent samples; false at the end.
    private func advance() throws(MediaError) -> Bool {
        if gap > 0 {
            let count = min(gap, 1 << 14)
            recent.append([[Float]](repeating: [Float](repeating: 0, count: count), count: info.channelCount))
            gap -= count
            return true
        }
        if let piece = waiting {
            recent.append(piece)
            waiting = nil
            return true
        }
        var arrived = following
        following = nil
        if arrived == nil && !hasEnded { arrived = try decoding.next() }
        guard var piece = arrived else {
            hasEnded = true
            return false
        }
        if let stated = statedEnd, timeline.end < stated, timeline.end + piece.channels[0].count > stated {
            following = try decoding.next()
            // Encoders fill up the last piece; QuickTime states where the sound itself ends.
            if following == nil { piece.channels = piece.channels.map { Array($0.prefix(stated - timeline.end)) } }
        }
        take(piece)
        return true
    }

    private func take(_ piece: FilmSoundDecoding.Piece) {
        if let ticks = piece.ticks, marks.last.map({ timeline.end - $0.timeline.end >= info.sampleRate }) ?? true {
            marks.append((ticks, timeline))
        }
        let placement = timeline.place(piece.ticks, count: piece.channels[0].count)
        gap = placement.gap
        waiting = piece.channels.map { placement.dropped > 0 ? Array($0.dropFirst(placement.dropped)) : $0 }
    }

    private func goBack(to sample: Int) throws(MediaError) {
        (waiting, following) = (nil, nil)
        gap = 0
        hasEnded = false
        // Half a second before the place, whatever a coding carries over from packet to packet is there again.
        let early = sample - info.sampleRate / 2
        if decoding.isRestartable, let mark = marks.last(where: { $0.timeline.end <= early }),
            decoding.restart(at: mark.ticks)
        {
            while let piece = try decoding.next() {
                guard let ticks = piece.ticks, ticks <= mark.ticks else { break }
                guard ticks == mark.ticks else { continue }
                timeline = mark.timeline
                recent.restart(at: timeline.end)
                take(piece)
                return
            }
        }
        // The sure way: from the beginning.
        decoding = try FilmSoundDecoding(path: path, track: info.track)
        timeline = timeline.restarted(origin: firstTicks)
        recent.restart(at: 0)
    }

    private static func info(
        url: URL, _ decoding: FilmSoundDecoding, _ converter: PlanarConverter, firstTicks: Int64
    ) -> AudioInfo {
        let (stream, demuxer) = (decoding.stream.pointee, decoding.demuxer)
        let parameters = stream.codecpar.pointee
        let rate = Rational(1, Int32(converter.sampleRate))
        let own = stream.duration > 0 ? MediaTime(stream.duration, decoding.timeBase) : nil
        // Damaged headers state lengths of millennia.
        let length = [own, demuxer.duration].compactMap(\.self).first { $0.seconds < 1e8 }?.rescaled(to: rate).value
        var info = AudioInfo(
            url: url, sampleRate: converter.sampleRate, channelCount: converter.channelCount,
            sampleCount: length.map { Int($0) },
            container: demuxer.context.pointee.iformat.pointee.long_name.map { String(cString: $0) }
                ?? demuxer.formatName,
            codec: String(cString: avcodec_get_name(parameters.codec_id)), sampleFormat: sampleFormat(parameters))
        for entries in [Metadata.read(stream.metadata), Metadata.read(demuxer.context.pointee.metadata)] {
            for (key, value) in entries where !Metadata.describesFile(key) && !value.isEmpty {
                info.tags[key.lowercased()] = value
            }
        }
        let start = MediaTime(firstTicks, decoding.timeBase).seconds
        let isFilm = demuxer.streams.contains { Demuxer.isFilm($0) }
        info.startTime = isFilm && abs(start) < 1e9 ? start : 0
        info.track = decoding.track
        info.trackCount = decoding.trackCount
        return info
    }

    private static func sampleFormat(_ parameters: AVCodecParameters) -> SampleFormat {
        let properties = avcodec_descriptor_get(parameters.codec_id)?.pointee.props ?? 0
        if properties & AV_CODEC_PROP_LOSSLESS == 0 { return .compressed }
        switch AVSampleFormat(rawValue: parameters.format) {
        case AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP: return .float32
        case AV_SAMPLE_FMT_DBL, AV_SAMPLE_FMT_DBLP: return .float64
        default: break
        }
        let stated = max(parameters.bits_per_raw_sample, parameters.bits_per_coded_sample)
        let bits = stated > 0 ? stated : 8 * av_get_bytes_per_sample(AVSampleFormat(rawValue: parameters.format))
        return bits <= 16 ? .int16 : bits <= 24 ? .int24 : .int32
    }
}
