import CLibAV
import Foundation

/// What a decoder must know before the first frame of a segment; all segments of a film agree in it.
struct SegmentHeader: Codable, Equatable {
    /// The first bytes of the file, which name the kind and its version.
    static let magic = Array("heirloom segment 1\n".utf8)

    let codec: VideoCodec
    let format: VideoFormat
    /// The samples as they are coded, which need not be the film's.
    let pixelFormat: PixelFormat
    let profile: Int32
    let level: Int32
    let bitRate: Int64
    let bitsPerCodedSample: Int32
    let bitsPerRawSample: Int32
    let codecTag: UInt32
    /// How many frames later than they are decoded the earliest are shown.
    let reorderDepth: Int
    let extradata: Data

    /// Takes the facts of an opened encoder.
    init(_ encoder: VideoEncoder, codec: VideoCodec, format: VideoFormat) throws(MediaError) {
        self.codec = codec
        self.format = format
        pixelFormat = encoder.pixelFormat
        var made = avcodec_parameters_alloc()
        defer { avcodec_parameters_free(&made) }
        guard let made, avcodec_parameters_from_context(made, encoder.context) >= 0 else {
            throw MediaError(
                .libraryFailure, SegmentWriter.operation, path: encoder.path, reason: "the memory does not suffice")
        }
        let parameters = made.pointee
        profile = parameters.profile
        level = parameters.level
        bitRate = parameters.bit_rate
        bitsPerCodedSample = parameters.bits_per_coded_sample
        bitsPerRawSample = parameters.bits_per_raw_sample
        codecTag = parameters.codec_tag
        reorderDepth = max(Int(parameters.video_delay), SegmentHeader.reorderDepth(made))
        extradata = parameters.extradata.map { Data(bytes: $0, count: Int(parameters.extradata_size)) } ?? Data()
    }

    /// How far frames are reordered as a decoder reads it from the coding's header; 0 where it says nothing there.
    ///
    /// FFmpeg's encoder of H.265 does not tell (5.1), the header of what it makes does.
    private static func reorderDepth(_ parameters: UnsafeMutablePointer<AVCodecParameters>) -> Int {
        guard parameters.pointee.extradata_size > 0, let codec = avcodec_find_decoder(parameters.pointee.codec_id)
        else {
            return 0
        }
        var context = avcodec_alloc_context3(codec)
        defer { avcodec_free_context(&context) }
        guard let context, avcodec_parameters_to_context(context, parameters) >= 0 else { return 0 }
        context.pointee.thread_count = 1
        guard avcodec_open2(context, codec, nil) >= 0 else { return 0 }
        return Int(context.pointee.has_b_frames)
    }

    /// Fills in the stream of an output.
    ///
    /// - Parameter path: the output, for errors.
    func fill(_ parameters: UnsafeMutablePointer<AVCodecParameters>, path: String) throws(MediaError) {
        parameters.pointee.codec_type = AVMEDIA_TYPE_VIDEO
        parameters.pointee.codec_id = codec.identifier
        parameters.pointee.codec_tag = codecTag
        parameters.pointee.format = pixelFormat.av.rawValue
        parameters.pointee.width = Int32(format.width)
        parameters.pointee.height = Int32(format.height)
        parameters.pointee.sample_aspect_ratio = format.sampleAspectRatio.av
        parameters.pointee.field_order = AV_FIELD_PROGRESSIVE
        parameters.pointee.color_range = format.color.avRange
        parameters.pointee.color_primaries = format.color.avPrimaries
        parameters.pointee.color_trc = format.color.avTransfer
        parameters.pointee.color_space = format.color.avMatrix
        parameters.pointee.chroma_location = format.color.avChromaLocation
        parameters.pointee.profile = profile
        parameters.pointee.level = level
        parameters.pointee.bit_rate = bitRate
        parameters.pointee.bits_per_coded_sample = bitsPerCodedSample
        parameters.pointee.bits_per_raw_sample = bitsPerRawSample
        parameters.pointee.video_delay = Int32(reorderDepth)
        guard !extradata.isEmpty else { return }
        guard let room = av_mallocz(extradata.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)) else {
            throw MediaError(
                .libraryFailure, FilmAssembler.operation, path: path, reason: "the memory does not suffice")
        }
        extradata.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { memcpy(room, base, bytes.count) }
        }
        av_freep(&parameters.pointee.extradata)
        parameters.pointee.extradata = room.assumingMemoryBound(to: UInt8.self)
        parameters.pointee.extradata_size = Int32(extradata.count)
    }

    /// What differs from another segment's header, for people; nil where nothing does.
    func difference(from other: SegmentHeader) -> String? {
        guard self != other else { return nil }
        if codec != other.codec { return "it is \(codec.title) instead of \(other.codec.title)" }
        if format != other.format || pixelFormat != other.pixelFormat { return "its pictures have another format" }
        return "its encoder was set up differently"
    }
}
