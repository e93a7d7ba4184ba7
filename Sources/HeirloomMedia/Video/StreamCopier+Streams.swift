import CLibAV
import Foundation

/// How single streams, covers, attachments and chapters are taken over.
extension StreamCopier {
    func add(_ stream: UnsafeMutablePointer<AVStream>, _ facts: StreamSummary) throws(MediaError) {
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
            guard let base = stream.pointee.time_base.rational?.times(source.stretch) else { return }
            routes[facts.index] = Route(input: stream, output: made, inputBase: base)
        }
    }

    /// Copies a stream that is made anew as well, behind the others and not chosen by players.
    func addOriginal(of index: Int, title: String) throws(MediaError) {
        let stream = demuxer.streams[index]
        if let refusal = refusal(of: stream, summary.streams[index]) {
            notes.append(refusal)
            return
        }
        let renewed = outputIndices[index]
        try add(stream, summary.streams[index])
        guard let output = routes[index]?.output else { return }
        outputIndices[index] = renewed
        output.pointee.disposition &= ~AV_DISPOSITION_DEFAULT
        av_dict_set(&output.pointee.metadata, "title", title, 0)
        stream.pointee.discard = AVDISCARD_DEFAULT
    }

    func copyDescription(
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

    func write(
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
    func refusal(of stream: UnsafeMutablePointer<AVStream>, _ facts: StreamSummary) -> String? {
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
    func isWrittenAnew(_ facts: StreamSummary, _ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        guard facts.kind == .data else { return false }
        switch stream.pointee.codecpar.pointee.codec_tag {
        case VideoWriter.tag("text"): return !summary.chapters.isEmpty
        case VideoWriter.tag("tmcd"): return summary.film?.metadata["timecode"] != nil
        default: return false
        }
    }

    /// Adds a chapter to the output, moved and cut to the piece.
    func copy(_ chapter: AVChapter) throws(MediaError) {
        guard let base = chapter.time_base.rational?.times(source.stretch) else { return }
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
        made.pointee.time_base = base.av
        made.pointee.start = start.rescaled(to: base).value - ticks
        made.pointee.end = stop.rescaled(to: base).value - ticks
        Metadata.write(Metadata.read(chapter.metadata), to: &made.pointee.metadata)
    }
}
