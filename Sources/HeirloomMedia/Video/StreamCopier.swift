import CLibAV
import Foundation

/// Copies every stream of a source file that is not the film, packet for packet, in step with the film.
///
/// It reads the source a second time for itself, no further than the film has come, so that memory stays flat however
/// long the film is. Used on one thread.
final class StreamCopier {
    /// A stream that is copied, and how its clock is mapped.
    struct Route {
        let input: UnsafeMutablePointer<AVStream>
        let output: UnsafeMutablePointer<AVStream>
        let inputBase: Rational
        var lastDecodeTime: Int64?
        var lastDuration: Int64 = 0
        /// Added to timestamps after a jump back in the source.
        var offset: Int64 = 0
        var repaired = 0
    }

    let demuxer: Demuxer
    let source: StreamCopySource
    let summary: MediaSummary
    /// What the container cannot hold, as sentences.
    private(set) var notes: [String] = []
    /// The source's index of each stream that is copied, and its index in the output; the film included.
    private(set) var outputIndices: [Int: Int] = [:]

    private let muxer: Muxer
    private let operation: String
    private var routes: [Int: Route] = [:]
    private var covers: [(input: UnsafeMutablePointer<AVStream>, output: UnsafeMutablePointer<AVStream>)] = []
    /// What is subtracted from the source's clock, and where on that clock copying ends.
    private var shift = MediaTime.zero
    private var end: MediaTime?
    private var pending: UnsafeMutablePointer<AVPacket>?
    private var hasEnded = false
    private var failuresInRow = 0

    /// Opens the source for copying.
    init(_ source: StreamCopySource, muxer: Muxer, operation: String) throws(MediaError) {
        demuxer = try Demuxer(path: source.path, operation: "copy the sound of", maximumPixels: .max)
        precondition(
            demuxer.streams.indices.contains(source.videoStreamIndex),
            "'\(source.path)' has no stream \(source.videoStreamIndex)")
        self.source = source
        self.muxer = muxer
        self.operation = operation
        summary = MediaSummary(demuxer)
    }

    /// Adds the output's streams in the source's order.
    ///
    /// - Returns: the stream for the film, whose coding the caller fills in before `decorate(film:)`.
    func addStreams() throws(MediaError) -> UnsafeMutablePointer<AVStream> {
        var film: UnsafeMutablePointer<AVStream>?
        for stream in demuxer.streams {
            let index = Int(stream.pointee.index)
            if index == source.videoStreamIndex {
                let made = try muxer.addStream()
                outputIndices[index] = Int(made.pointee.index)
                film = made
                continue
            }
            if isWrittenAnew(summary.streams[index], stream) { continue }
            if let refusal = refusal(of: stream, summary.streams[index]) {
                notes.append(refusal)
                continue
            }
            try add(stream, summary.streams[index])
        }
        demuxer.keepOnly(Set(routes.keys))
        guard let film else { fatalError("the film's stream vanished from '\(source.path)'") }
        return film
    }

    /// Copies to the film's stream what belongs to it but not to its coding: language, title, purpose, mastering.
    func decorate(film: UnsafeMutablePointer<AVStream>) {
        let input = demuxer.streams[source.videoStreamIndex]
        copyDescription(from: input, to: film)
        // The display matrix is not among them: frames are upright by now.
        for kind in [
            AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_PKT_DATA_STEREO3D,
            AV_PKT_DATA_SPHERICAL,
        ] {
            var size = 0
            guard let data = heirloom_stream_side_data(input, kind, &size),
                let copy = heirloom_stream_new_side_data(film, kind, size)
            else { continue }
            copy.update(from: data, count: size)
        }
    }

    /// Sets the clock, copies chapters and metadata: before the header is written.
    ///
    /// - Parameter shift: what is subtracted from the source's clock.
    func prepare(shift: MediaTime) throws(MediaError) {
        self.shift = shift
        if let limit = source.limit { end = demuxer.start + (source.from ?? .zero) + limit }
        let entries = Metadata.read(demuxer.context.pointee.metadata)
            .filter { !Metadata.describesFile($0.key) && !(source.isPiece && $0.key.lowercased() == "timecode") }
        Metadata.write(entries, to: &muxer.context.pointee.metadata)
        for index in 0..<Int(demuxer.context.pointee.nb_chapters) {
            guard let chapter = demuxer.context.pointee.chapters[index] else { continue }
            try copy(chapter.pointee)
        }
    }

    /// Writes cover pictures and goes to the piece: after the header is written.
    func begin() throws(MediaError) {
        for (input, output) in covers { try write(cover: input, to: output) }
        guard source.from != nil, let first = routes.keys.min() else { return }
        // Some containers find places by the film alone and land behind the sound that belongs there.
        let early = shift - MediaTime(seconds: 3)
        if !demuxer.seek(to: early, stream: first) { _ = demuxer.seek(to: early, stream: source.videoStreamIndex) }
    }

    /// Copies all packets up to a moment of the output's clock.
    func advance(to time: MediaTime) throws(MediaError) {
        while !hasEnded {
            guard let packet = try nextPacket() else { return }
            guard let moment = decodeTime(of: packet) else {
                try write(packet)
                continue
            }
            if moment - shift > time { return }
            try write(packet)
        }
    }

    /// Copies the rest.
    func finish() throws(MediaError) {
        while !hasEnded {
            guard let packet = try nextPacket() else { break }
            // Behind the piece nothing is wanted; streams are interleaved within a few seconds.
            if let end, let moment = decodeTime(of: packet), moment > end + MediaTime(seconds: 10) { break }
            try write(packet)
        }
        hasEnded = true
        for (index, route) in routes.sorted(by: { $0.key < $1.key }) where route.repaired > 0 {
            let count = route.repaired
            notes.append(
                "Stream \(index) (\(summary.streams[index].kind.rawValue)): \(count) timestamp\(count == 1 ? "" : "s")"
                    + " missing or running backwards in the source; repaired.")
        }
    }

    private func nextPacket() throws(MediaError) -> UnsafeMutablePointer<AVPacket>? {
        if routes.isEmpty { hasEnded = true }
        while pending == nil && !hasEnded {
            switch demuxer.read() {
            case .packet(let packet):
                failuresInRow = 0
                if routes[Int(packet.pointee.stream_index)] != nil { pending = packet }
            case .end: hasEnded = true
            case .failure(let error):
                if error.code == heirloom_averror(EAGAIN) { continue }
                if error.code == heirloom_averror(EIO) || error.code == heirloom_averror(ENOMEM) {
                    throw error.mediaError(.unreadable, "copy the sound of", path: source.path)
                }
                failuresInRow += 1
                if failuresInRow >= 16 {
                    notes.append("The source cannot be read to its end (\(error.text)); the other streams stop there.")
                    hasEnded = true
                }
            }
        }
        return pending
    }

    private func decodeTime(of packet: UnsafeMutablePointer<AVPacket>) -> MediaTime? {
        guard let route = routes[Int(packet.pointee.stream_index)] else { return nil }
        let ticks = packet.pointee.dts != heirloom_nopts() ? packet.pointee.dts : packet.pointee.pts
        return ticks == heirloom_nopts() ? nil : MediaTime(ticks + route.offset, route.inputBase)
    }

    private func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) {
        pending = nil
        let index = Int(packet.pointee.stream_index)
        guard var route = routes[index] else { return }
        repair(packet, &route)
        routes[index] = route
        guard cut(packet, route) else { return }
        let ticks = shift.rescaled(to: route.inputBase).value
        packet.pointee.pts -= ticks
        packet.pointee.dts -= ticks
        av_packet_rescale_ts(packet, route.inputBase.av, route.output.pointee.time_base)
        packet.pointee.stream_index = route.output.pointee.index
        packet.pointee.pos = -1
        try muxer.write(packet)
    }

    /// Gives a packet timestamps that exist and do not run backwards: muxers refuse others.
    private func repair(_ packet: UnsafeMutablePointer<AVPacket>, _ route: inout Route) {
        let nopts = heirloom_nopts()
        let expected = route.lastDecodeTime.map { $0 + max(route.lastDuration, 1) } ?? 0
        if packet.pointee.pts != nopts { packet.pointee.pts += route.offset }
        if packet.pointee.dts != nopts { packet.pointee.dts += route.offset }
        if packet.pointee.dts == nopts {
            if packet.pointee.pts == nopts { route.repaired += 1 }
            packet.pointee.dts = packet.pointee.pts == nopts ? expected : packet.pointee.pts
        }
        let second = MediaTime(seconds: 1).rescaled(to: route.inputBase).value
        if let last = route.lastDecodeTime, packet.pointee.dts < last {
            let step = expected - packet.pointee.dts
            if packet.pointee.dts < last - second { route.offset += step }  // two recordings joined
            if packet.pointee.pts != nopts { packet.pointee.pts += step }
            packet.pointee.dts += step
            route.repaired += 1
        }
        if packet.pointee.pts == nopts { packet.pointee.pts = packet.pointee.dts }
        // Where a header understates a track, its last packet comes without a length and players would cut it off.
        let parameters = route.input.pointee.codecpar!
        if packet.pointee.duration <= 0, parameters.pointee.codec_type == AVMEDIA_TYPE_AUDIO {
            let samples = av_get_audio_frame_duration2(parameters, packet.pointee.size)
            let rate = parameters.pointee.sample_rate
            packet.pointee.duration =
                samples > 0 && rate > 0
                ? MediaTime(Int64(samples), Rational(1, rate)).rescaled(to: route.inputBase).value
                : route.lastDuration
        }
        route.lastDecodeTime = packet.pointee.dts
        route.lastDuration = packet.pointee.duration
    }

    /// Whether a packet belongs to the piece; subtitles that reach into it are shortened.
    private func cut(_ packet: UnsafeMutablePointer<AVPacket>, _ route: Route) -> Bool {
        guard source.isPiece else { return true }
        var start = MediaTime(packet.pointee.pts, route.inputBase)
        if let end, start >= end { return false }
        let isSubtitle = route.input.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_SUBTITLE
        if start < shift {
            guard isSubtitle, start + MediaTime(packet.pointee.duration, route.inputBase) > shift else { return false }
            let late = shift.rescaled(to: route.inputBase, rounding: .up).value - packet.pointee.pts
            packet.pointee.pts += late
            packet.pointee.dts += late
            packet.pointee.duration -= late
            start = MediaTime(packet.pointee.pts, route.inputBase)
        }
        if isSubtitle, let end, start + MediaTime(packet.pointee.duration, route.inputBase) > end {
            packet.pointee.duration = (end - start).rescaled(to: route.inputBase, rounding: .down).value
        }
        return true
    }
}

extension StreamCopier {
    fileprivate func add(_ stream: UnsafeMutablePointer<AVStream>, _ facts: StreamSummary) throws(MediaError) {
        let made = try muxer.addStream()
        outputIndices[facts.index] = Int(made.pointee.index)
        let mark = LibraryLog.mark()
        let status = avcodec_parameters_copy(made.pointee.codecpar, stream.pointee.codecpar)
        guard status >= 0, heirloom_stream_copy_side_data(made, stream) >= 0 else {
            throw LibraryError(status, since: mark).mediaError(.libraryFailure, operation, path: source.path)
        }
        let parameters = made.pointee.codecpar!
        let (codec, tag) = (parameters.pointee.codec_id, parameters.pointee.codec_tag)
        if heirloom_tag_belongs(muxer.container.format, codec, tag) == 0 {
            parameters.pointee.codec_tag = 0
        }
        // Some demuxers state a block of one byte for these, which some muxers believe.
        if parameters.pointee.codec_id == AV_CODEC_ID_MP3 || parameters.pointee.codec_id == AV_CODEC_ID_AC3 {
            parameters.pointee.block_align = 0
        }
        made.pointee.time_base = stream.pointee.time_base
        made.pointee.avg_frame_rate = stream.pointee.avg_frame_rate
        made.pointee.r_frame_rate = stream.pointee.r_frame_rate
        made.pointee.sample_aspect_ratio = stream.pointee.sample_aspect_ratio
        copyDescription(from: stream, to: made)
        switch facts.kind {
        case .attachment: name(attachment: made, facts)
        case .cover where muxer.container == .matroska: attach(cover: stream, as: made, facts)
        case .cover: covers.append((stream, made))
        default:
            guard let base = stream.pointee.time_base.rational else { return }
            routes[facts.index] = Route(input: stream, output: made, inputBase: base)
        }
    }

    fileprivate func copyDescription(
        from input: UnsafeMutablePointer<AVStream>, to output: UnsafeMutablePointer<AVStream>
    ) {
        output.pointee.disposition = input.pointee.disposition
        let entries = Metadata.read(input.pointee.metadata)
            .filter { !Metadata.describesFile($0.key) && !(source.isPiece && $0.key.lowercased() == "timecode") }
        Metadata.write(entries, to: &output.pointee.metadata)
    }

    private func name(attachment stream: UnsafeMutablePointer<AVStream>, _ facts: StreamSummary) {
        if facts.metadata["filename"] == nil {
            av_dict_set(&stream.pointee.metadata, "filename", "attachment-\(facts.index)", 0)
        }
        if facts.metadata["mimetype"] == nil {
            av_dict_set(&stream.pointee.metadata, "mimetype", "application/octet-stream", AV_DICT_DONT_OVERWRITE)
        }
    }

    /// Matroska keeps a cover as an attached file; as a track it would be a film of one frame.
    private func attach(
        cover: UnsafeMutablePointer<AVStream>, as stream: UnsafeMutablePointer<AVStream>, _ facts: StreamSummary
    ) {
        let picture = cover.pointee.attached_pic
        let size = Int(picture.size)
        guard let data = picture.data, let room = av_mallocz(size + Int(AV_INPUT_BUFFER_PADDING_SIZE)) else { return }
        memcpy(room, data, size)
        let parameters = stream.pointee.codecpar!
        av_freep(&parameters.pointee.extradata)
        parameters.pointee.extradata = room.assumingMemoryBound(to: UInt8.self)
        parameters.pointee.extradata_size = picture.size
        parameters.pointee.codec_type = AVMEDIA_TYPE_ATTACHMENT
        stream.pointee.disposition = 0
        let isPNG = parameters.pointee.codec_id == AV_CODEC_ID_PNG
        if facts.metadata["filename"] == nil {
            av_dict_set(&stream.pointee.metadata, "filename", isPNG ? "cover.png" : "cover.jpg", 0)
        }
        av_dict_set(&stream.pointee.metadata, "mimetype", isPNG ? "image/png" : "image/jpeg", 0)
    }

    fileprivate func write(
        cover input: UnsafeMutablePointer<AVStream>, to output: UnsafeMutablePointer<AVStream>
    ) throws(MediaError) {
        guard let packet = av_packet_clone(&input.pointee.attached_pic) else { return }
        var owned: UnsafeMutablePointer<AVPacket>? = packet
        defer { av_packet_free(&owned) }
        packet.pointee.stream_index = output.pointee.index
        packet.pointee.pts = 0
        packet.pointee.dts = 0
        try muxer.write(packet)
    }

    /// A sentence where the container cannot hold a stream; nil where it can.
    fileprivate func refusal(of stream: UnsafeMutablePointer<AVStream>, _ facts: StreamSummary) -> String? {
        let parameters = stream.pointee.codecpar.pointee
        let container = muxer.container
        let what = "Stream \(facts.index) (\(facts.kind.rawValue), \(facts.codec))"
        func left(_ reason: String) -> String { "\(what) is left out: \(reason)." }
        switch facts.kind {
        case .attachment:
            return container == .matroska ? nil : left("\(container.title) holds no attachments; Matroska (.mkv) does")
        case .cover:
            let isKnown = parameters.codec_id == AV_CODEC_ID_MJPEG || parameters.codec_id == AV_CODEC_ID_PNG
            if stream.pointee.attached_pic.data == nil { return left("it has no picture") }
            return isKnown && container != .mov ? nil : left("\(container.title) cannot hold this cover picture")
        case .data:
            return left("\(container.title) cannot hold this kind of data")
        case .audio where parameters.sample_rate <= 0 || parameters.ch_layout.nb_channels <= 0:
            return left("its sample rate or number of channels is unknown")
        case .video, .audio, .subtitle:
            if container.accepts(stream) { return nil }
            let others = VideoContainer.allCases.filter { $0.accepts(stream) }.map(\.title)
            let hint = others.isEmpty ? "" : "; \(others.joined(separator: " and ")) can"
            return left("\(container.title) cannot hold it\(hint)")
        }
    }

    /// Tracks that QuickTime makes of chapters and of the film's time code: both are copied as what they are.
    fileprivate func isWrittenAnew(_ facts: StreamSummary, _ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        guard facts.kind == .data else { return false }
        switch stream.pointee.codecpar.pointee.codec_tag {
        case VideoWriter.tag("text"): return !summary.chapters.isEmpty
        case VideoWriter.tag("tmcd"): return summary.streams[source.videoStreamIndex].metadata["timecode"] != nil
        default: return false
        }
    }

    /// Adds a chapter to the output, moved and cut to the piece.
    fileprivate func copy(_ chapter: AVChapter) throws(MediaError) {
        guard let base = chapter.time_base.rational else { return }
        var start = MediaTime(chapter.start, base)
        var stop = MediaTime(chapter.end, base)
        if source.isPiece {
            if stop <= shift || (end.map { start >= $0 } ?? false) { return }
            start = max(start, shift)
            if let end { stop = min(stop, end) }
        }
        guard let made = heirloom_add_chapter(muxer.context) else {
            throw MediaError(.libraryFailure, operation, path: source.path, reason: "the memory does not suffice")
        }
        let ticks = shift.rescaled(to: base).value
        made.pointee.id = chapter.id
        made.pointee.time_base = chapter.time_base
        made.pointee.start = start.rescaled(to: base).value - ticks
        made.pointee.end = stop.rescaled(to: base).value - ticks
        Metadata.write(Metadata.read(chapter.metadata), to: &made.pointee.metadata)
    }
}
