import CLibAV

/// The kinds of files that films are written to: those that hold a timestamp for each frame.
enum VideoContainer: String, CaseIterable {
    case mp4
    case mov
    case matroska

    /// The container that an ending asks for.
    ///
    /// - Throws: `unsupported` for endings that films are not written to.
    init(path: String, operation: String) throws(MediaError) {
        let (_, name) = FileChecks.split(path)
        let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
        switch ending {
        case "mp4", "m4v": self = .mp4
        case "mov", "qt": self = .mov
        case "mkv": self = .matroska
        default:
            let what = ending.isEmpty ? "the name has no ending" : "films are not written as .\(ending)"
            throw MediaError(
                .unsupported, operation, path: path, reason: what,
                advice: "let the name end in .mp4, .mov or .mkv")
        }
    }

    /// FFmpeg's description of the container.
    var format: UnsafePointer<AVOutputFormat> {
        guard let found = av_guess_format(rawValue, nil, nil) else {
            fatalError("this FFmpeg was built without the muxer \(rawValue)")
        }
        return found
    }

    /// The name for people.
    var title: String {
        switch self {
        case .mp4: "MP4"
        case .mov: "QuickTime (.mov)"
        case .matroska: "Matroska (.mkv)"
        }
    }

    /// Whether a stream without a single packet is there in the finished file; QuickTime's muxer drops it.
    var keepsEmptyStreams: Bool { self == .matroska }

    /// Whether the container can hold a coding.
    func holds(_ codec: AVCodecID) -> Bool {
        // FFmpeg writes and reads it, though the query denies it: QuickTime has no code of its own for FFV1. It is
        // the one lossless way to keep timestamps that are no whole milliseconds.
        if self == .mov && codec == AV_CODEC_ID_FFV1 { return true }
        return avformat_query_codec(format, codec, FF_COMPLIANCE_NORMAL) == 1
    }

    /// Whether the container takes a stream as it is, found out by setting up a muxer that writes nothing.
    ///
    /// The query above knows codings only; some muxers refuse a coding that they list, or one of its variants.
    func accepts(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        guard holds(stream.pointee.codecpar.pointee.codec_id) else { return false }
        var made: UnsafeMutablePointer<AVFormatContext>?
        guard avformat_alloc_output_context2(&made, format, nil, nil) >= 0, let context = made else { return false }
        // Nothing is written, but some muxers ask their output whether it can seek.
        guard avio_open_dyn_buf(&context.pointee.pb) >= 0 else {
            avformat_free_context(context)
            return false
        }
        defer {
            var buffer: UnsafeMutablePointer<UInt8>?
            avio_close_dyn_buf(context.pointee.pb, &buffer)
            av_free(buffer)
            avformat_free_context(context)
        }
        guard let copy = avformat_new_stream(context, nil),
            avcodec_parameters_copy(copy.pointee.codecpar, stream.pointee.codecpar) >= 0
        else { return false }
        let parameters = copy.pointee.codecpar!
        let (codec, tag) = (parameters.pointee.codec_id, parameters.pointee.codec_tag)
        if heirloom_tag_belongs(format, codec, tag) == 0 { parameters.pointee.codec_tag = 0 }
        copy.pointee.time_base = stream.pointee.time_base
        copy.pointee.disposition = stream.pointee.disposition
        return avformat_init_output(context, nil) >= 0
    }

    /// Throws where the container cannot hold what an encoder makes.
    func requireHolds(_ codec: VideoCodec, path: String, operation: String) throws(MediaError) {
        guard !holds(codec.identifier) else { return }
        let others = VideoContainer.allCases.filter { $0.holds(codec.identifier) }.map(\.title)
        throw MediaError(
            .unsupported, operation, path: path, reason: "\(title) cannot hold \(codec.title)",
            advice: "write to \(others.joined(separator: " or ")), or choose another codec")
    }
}

extension VideoCodec {
    var identifier: AVCodecID {
        switch self {
        case .h264: AV_CODEC_ID_H264
        case .h265: AV_CODEC_ID_HEVC
        case .ffv1: AV_CODEC_ID_FFV1
        case .prores: AV_CODEC_ID_PRORES
        }
    }

    /// FFmpeg's name of the encoder.
    var encoderName: String {
        switch self {
        case .h264: "libx264"
        case .h265: "libx265"
        case .ffv1: "ffv1"
        case .prores: "prores_ks"
        }
    }
}
