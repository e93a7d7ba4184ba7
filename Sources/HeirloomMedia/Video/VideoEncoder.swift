import CLibAV
import Foundation

/// A libavcodec encoder for one film. Used on one thread; encodes on several.
final class VideoEncoder {
    /// A sentence where the coding cannot hold the film's pixel format as it is.
    let note: String?
    /// Borrowed: the opened encoder, for the muxer.
    private(set) var context: UnsafeMutablePointer<AVCodecContext>?
    private let format: VideoFormat
    /// The samples as they are coded.
    let pixelFormat: PixelFormat
    private let converter: PixelConverter?
    private let input = AVFrameBox()
    private let packet: UnsafeMutablePointer<AVPacket>
    let path: String
    private let operation: String
    private let codec: VideoCodec
    private let threads: Int?

    /// Opens an encoder.
    ///
    /// - Parameters:
    ///   - needsGlobalHeader: whether the container keeps the coding's header apart from the frames.
    ///   - threads: how many threads encode; equal frames give equal bytes then, on any machine. Nil for as many as the
    ///     machine has processors, whose number shows in the bytes.
    init(
        _ encoding: VideoEncoding, format: VideoFormat, needsGlobalHeader: Bool, threads: Int? = nil, path: String,
        operation: String
    ) throws(MediaError) {
        codec = encoding.codec
        self.format = format
        self.threads = threads
        self.path = path
        self.operation = operation
        (pixelFormat, note) = encoding.pixelFormat(for: format)
        packet = av_packet_alloc()
        if pixelFormat == format.pixelFormat {
            converter = nil
        } else {
            converter = PixelConverter(
                from: format.pixelFormat.av, to: pixelFormat, width: format.width, height: format.height,
                color: format.color, copiesLuma: format.pixelFormat.bitDepth == pixelFormat.bitDepth, isRGB: false)
            if converter == nil {
                throw MediaError(
                    .unsupported, operation, path: path,
                    reason: "\(format.pixelFormat) cannot be converted to \(pixelFormat) for \(codec.title)",
                    advice: "choose another codec")
            }
        }
        guard let encoder = avcodec_find_encoder_by_name(codec.encoderName),
            let context = avcodec_alloc_context3(encoder)
        else {
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "this FFmpeg has no encoder for \(codec.title) (\(codec.encoderName))",
                advice: "choose another codec or install a full FFmpeg")
        }
        self.context = context
        describe(context, needsGlobalHeader: needsGlobalHeader)
        var options = dictionary(encoding)
        defer { av_dict_free(&options) }
        let mark = LibraryLog.mark()
        let status = avcodec_open2(context, encoder, &options)
        guard status >= 0 else {
            let error = LibraryError(status, since: mark)
            throw error.mediaError(
                .unsupported, operation, path: path,
                advice: "\(codec.title) may not take a film of \(format.width)×\(format.height) samples or this preset;"
                    + " choose another codec")
        }
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        avcodec_free_context(&context)
    }

    /// Encodes a frame, or with nil what the encoder holds back, and hands every packet that comes out to `take`.
    ///
    /// Timestamps of the packets count in the film's time base. A packet is borrowed until `take` returns.
    func encode(
        _ frame: VideoFrame?, pts: Int64, take: (UnsafeMutablePointer<AVPacket>) throws(MediaError) -> Void
    ) throws(MediaError) {
        let mark = LibraryLog.mark()
        if let frame {
            let filled = try fill(frame, pts: pts)
            try check(avcodec_send_frame(context, filled), mark)
        } else {
            let status = avcodec_send_frame(context, nil)
            if status != heirloom_averror_eof() { try check(status, mark) }
        }
        while true {
            let status = avcodec_receive_packet(context, packet)
            if status == heirloom_averror(EAGAIN) || status == heirloom_averror_eof() { return }
            try check(status, mark)
            defer { av_packet_unref(packet) }
            try take(packet)
        }
    }

    private func describe(_ context: UnsafeMutablePointer<AVCodecContext>, needsGlobalHeader: Bool) {
        context.pointee.width = Int32(format.width)
        context.pointee.height = Int32(format.height)
        context.pointee.pix_fmt = pixelFormat.av
        context.pointee.time_base = format.timeBase.av
        // Rate control and level want a rate; the timestamps stay what they are.
        context.pointee.framerate = (format.frameRate ?? Rational(25, 1)).av
        context.pointee.sample_aspect_ratio = format.sampleAspectRatio.av
        context.pointee.color_primaries = format.color.avPrimaries
        context.pointee.color_trc = format.color.avTransfer
        context.pointee.colorspace = format.color.avMatrix
        context.pointee.color_range = format.color.avRange
        context.pointee.chroma_sample_location = format.color.avChromaLocation
        context.pointee.field_order = AV_FIELD_PROGRESSIVE
        context.pointee.thread_count = Int32(threads.map { codec == .h265 ? frameThreads($0) : $0 } ?? 0)
        if needsGlobalHeader { context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
        if codec == .ffv1 {
            context.pointee.level = isTiny ? 1 : 3
            context.pointee.gop_size = 1  // every frame stands alone: damage stays in its frame, seeking is exact
            // Slices are coded in parallel and each has its checksum.
            if !isTiny { context.pointee.slices = format.width < 128 || format.height < 128 ? 1 : 16 }
        }
    }

    /// FFmpeg's FFV1 of level 3 loses the samples of pictures that are a few lines or columns small (seen with 5.1);
    /// its level 1 does not.
    private var isTiny: Bool { format.width < 16 || format.height < 16 }

    private func dictionary(_ encoding: VideoEncoding) -> OpaquePointer? {
        var options: OpaquePointer?
        var entries: [String: String] = [:]
        switch codec {
        case .h264:
            entries = ["crf": String(encoding.quality ?? 16), "preset": encoding.preset ?? "veryfast"]
            // Writes the rate instead of the tick into the stream, or demuxers would not know how long frames last.
            // Timestamps pass through x264 unchanged either way.
            var own = format.isVariableFrameRate ? [] : ["force-cfr=1"]
            // Some of x264's sums differ from one processor to another unless it is asked.
            if threads != nil { own.append("cpu-independent=1") }
            if !own.isEmpty { entries["x264-params"] = own.joined(separator: ":") }
        case .h265:
            entries = ["crf": String(encoding.quality ?? 19), "preset": encoding.preset ?? "medium"]
            entries["x265-params"] = "log-level=none"  // x265 prints past FFmpeg's log
            // x265 writes the processor's name into the film unless it is told to write nothing about itself.
            if let threads { entries["x265-params"] = "log-level=none:pools=\(threads):info=0" }
        case .ffv1:
            entries = isTiny ? [:] : ["slicecrc": "1", "context": "1"]
        case .prores:
            entries = ["profile": pixelFormat.chroma == .s444 ? "4444" : "hq", "vendor": "apl0"]
        }
        Metadata.write(entries, to: &options)
        return options
    }

    /// How many frames x265 codes at once, which shows in its bytes: its own choice for so many processors.
    private func frameThreads(_ threads: Int) -> Int {
        switch threads {
        case 32...: 6
        case 16...: 5
        case 8...: 3
        case 4...: 2
        default: 1
        }
    }

    /// The frame in FFmpeg's memory and the coding's pixel format, borrowed until the next call.
    private func fill(_ frame: VideoFrame, pts: Int64) throws(MediaError) -> UnsafeMutablePointer<AVFrame> {
        let target = input.pointer
        av_frame_unref(target)
        target.pointee.format = format.pixelFormat.av.rawValue
        target.pointee.width = Int32(format.width)
        target.pointee.height = Int32(format.height)
        let mark = LibraryLog.mark()
        try check(av_frame_get_buffer(target, 0), mark)
        let pointers = [target.pointee.data.0, target.pointee.data.1, target.pointee.data.2]
        let strides = [target.pointee.linesize.0, target.pointee.linesize.1, target.pointee.linesize.2]
        for (number, plane) in frame.planes.enumerated() {
            plane.bytes.withUnsafeBufferPointer { bytes in
                av_image_copy_plane(
                    pointers[number], strides[number], bytes.baseAddress, Int32(plane.bytesPerRow),
                    Int32(plane.width * format.pixelFormat.bytesPerSample), Int32(plane.height))
            }
        }
        var result = target
        if let converter {
            guard let converted = converter.convert(target) else {
                throw MediaError(.libraryFailure, operation, path: path, reason: "a frame could not be converted")
            }
            result = converted
        }
        result.pointee.pts = pts
        heirloom_frame_set_duration(result, frame.duration.rescaled(to: format.timeBase).value)
        result.pointee.pict_type = AV_PICTURE_TYPE_NONE
        result.pointee.color_range = format.color.avRange
        result.pointee.color_primaries = format.color.avPrimaries
        result.pointee.color_trc = format.color.avTransfer
        result.pointee.colorspace = format.color.avMatrix
        result.pointee.chroma_location = format.color.avChromaLocation
        result.pointee.sample_aspect_ratio = format.sampleAspectRatio.av
        if !frame.closedCaptions.isEmpty,
            let item = av_frame_new_side_data(result, AV_FRAME_DATA_A53_CC, frame.closedCaptions.count)
        {
            frame.closedCaptions.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                item.pointee.data.update(from: base, count: bytes.count)
            }
        }
        return result
    }

    private func check(_ status: Int32, _ mark: UInt64) throws(MediaError) {
        guard status < 0 else { return }
        throw LibraryError(status, since: mark).mediaError(
            .writeFailed, operation, path: path, advice: "choose another codec or a smaller picture")
    }
}
