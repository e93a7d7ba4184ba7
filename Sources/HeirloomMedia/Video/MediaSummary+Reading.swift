import CLibAV

extension MediaSummary {
    /// Reads the headers of a file and a little of its data.
    ///
    /// - Throws: `notFound`, `empty`, `isDirectory`, `unreadable`, `corrupt`, `noVideo` for stills and texts.
    public init(path: String) throws(MediaError) {
        self.init(try Demuxer(path: path, operation: "look into", maximumPixels: .max))
    }

    init(_ demuxer: Demuxer) {
        let context = demuxer.context.pointee
        let streams = demuxer.streams.map { StreamSummary($0, demuxer) }
        self.init(
            path: demuxer.path, byteCount: FileChecks.facts(of: demuxer.path)?.size ?? 0,
            container: context.iformat.pointee.long_name.map { String(cString: $0) } ?? demuxer.formatName,
            formatName: demuxer.formatName, duration: demuxer.duration, start: demuxer.start,
            bitRate: context.bit_rate > 0 ? context.bit_rate : nil, metadata: Metadata.read(context.metadata),
            streams: streams,
            chapters: (0..<Int(context.nb_chapters)).compactMap { index in
                context.chapters[index].flatMap { ChapterSummary($0.pointee) }
            },
            filmIndex: try? demuxer.filmIndex())
    }
}

extension ChapterSummary {
    fileprivate init?(_ chapter: AVChapter) {
        guard let base = chapter.time_base.rational else { return nil }
        self.init(
            start: MediaTime(chapter.start, base), end: MediaTime(chapter.end, base),
            title: Metadata.read(chapter.metadata)["title"] ?? "")
    }
}

extension StreamSummary {
    fileprivate init(_ stream: UnsafeMutablePointer<AVStream>, _ demuxer: Demuxer) {
        let parameters = stream.pointee.codecpar.pointee
        let base = stream.pointee.time_base.rational
        func time(_ ticks: Int64) -> MediaTime? {
            guard let base, ticks != heirloom_nopts() else { return nil }
            return MediaTime(ticks, base)
        }
        let kind = Kind(stream)
        self.init(
            index: Int(stream.pointee.index), kind: kind, codec: String(cString: avcodec_get_name(parameters.codec_id)),
            profile: avcodec_profile_name(parameters.codec_id, parameters.profile).map { String(cString: $0) },
            timeBase: base, start: time(stream.pointee.start_time),
            duration: stream.pointee.duration > 0 ? time(stream.pointee.duration) : nil,
            frameCount: stream.pointee.nb_frames > 0 ? Int(stream.pointee.nb_frames) : nil,
            bitRate: parameters.bit_rate > 0 ? parameters.bit_rate : nil,
            dispositions: StreamSummary.names(ofDispositions: stream.pointee.disposition),
            metadata: Metadata.read(stream.pointee.metadata),
            picture: kind == .video || kind == .cover ? PictureSummary(stream, demuxer) : nil,
            sound: kind == .audio ? SoundSummary(parameters) : nil)
    }

    static func names(ofDispositions flags: Int32) -> [String] {
        (0..<31).compactMap { bit in
            guard flags & (1 << bit) != 0, let name = av_disposition_to_string(1 << bit) else { return nil }
            return String(cString: name)
        }
    }
}

extension StreamSummary.Kind {
    init(_ stream: UnsafeMutablePointer<AVStream>) {
        switch stream.pointee.codecpar.pointee.codec_type {
        case AVMEDIA_TYPE_VIDEO:
            self = stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 ? .cover : .video
        case AVMEDIA_TYPE_AUDIO: self = .audio
        case AVMEDIA_TYPE_SUBTITLE: self = .subtitle
        case AVMEDIA_TYPE_ATTACHMENT: self = .attachment
        default: self = .data
        }
    }
}

extension PictureSummary {
    fileprivate init(_ stream: UnsafeMutablePointer<AVStream>, _ demuxer: Demuxer) {
        let parameters = stream.pointee.codecpar.pointee
        let (width, height) = (Int(parameters.width), Int(parameters.height))
        let mapping = PixelFormatMapping(AVPixelFormat(rawValue: parameters.format))
        var tagged = ColorInfo(parameters: parameters)
        if mapping?.impliesFullRange == true { tagged.range = .full }
        let (color, note) = FilmColor.resolve(tagged, mapping, width: width, height: height)
        let ratio = av_guess_sample_aspect_ratio(demuxer.context, stream, nil).rational ?? .one
        let average = stream.pointee.avg_frame_rate.rational
        let nominal = stream.pointee.r_frame_rate.rational
        var isVariable = false
        if let average, let nominal {
            isVariable = abs(average.doubleValue / nominal.doubleValue - 1) > 0.005
        }
        var size = 0
        var orientation = Orientation.upright
        if let bytes = heirloom_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 {
            orientation =
                bytes.withMemoryRebound(to: Int32.self, capacity: 9) { Orientation.of(matrix: $0).orientation }
        }
        let across = Int64(max(width, 1)) * Int64(ratio.numerator)
        let down = Int64(max(height, 1)) * Int64(ratio.denominator)
        let divisor = Rational.greatestCommonDivisor(across, down)
        self.init(
            width: width, height: height, sampleAspectRatio: ratio,
            displayAspectRatio: Rational(Int32(clamping: across / divisor), Int32(clamping: down / divisor)),
            averageFrameRate: average, nominalFrameRate: nominal, isVariableFrameRate: isVariable,
            pixelFormat: mapping?.name ?? "unknown", bitDepth: mapping?.target.bitDepth ?? 0, taggedColor: tagged,
            color: color, colorNote: note, orientation: orientation.words,
            fieldOrder: PictureSummary.words(for: parameters.field_order))
    }

    private static func words(for order: AVFieldOrder) -> String {
        switch order {
        case AV_FIELD_PROGRESSIVE: "progressive"
        case AV_FIELD_TT, AV_FIELD_BT: "top field first"
        case AV_FIELD_BB, AV_FIELD_TB: "bottom field first"
        default: "unknown"
        }
    }
}

extension SoundSummary {
    fileprivate init(_ parameters: AVCodecParameters) {
        var layout = parameters.ch_layout
        let name = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer -> String in
            guard let base = buffer.baseAddress else { return "" }
            base[0] = 0
            av_channel_layout_describe(&layout, base, 128)
            return String(cString: base)
        }
        self.init(
            sampleRate: Int(parameters.sample_rate), channelCount: Int(parameters.ch_layout.nb_channels),
            channelLayout: name,
            sampleFormat: av_get_sample_fmt_name(AVSampleFormat(rawValue: parameters.format))
                .map { String(cString: $0) } ?? "unknown")
    }
}
