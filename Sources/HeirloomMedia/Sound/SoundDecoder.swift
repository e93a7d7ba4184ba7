import CLibAV
import Foundation

/// A libavcodec decoder of one sound stream. Used on one thread.
final class SoundDecoder {
    private var context: UnsafeMutablePointer<AVCodecContext>?
    private let frame = AVFrameBox()

    /// What the decoder answered.
    enum Answer {
        /// A frame, borrowed until the next call.
        case frame(UnsafeMutablePointer<AVFrame>)
        /// Nothing yet: send a packet.
        case wantsPacket
        /// All frames have been given.
        case drained
        /// The data could not be decoded; the decoder goes on with the next packet.
        case failure(LibraryError)
    }

    /// Opens a decoder for a stream.
    init(_ stream: UnsafeMutablePointer<AVStream>, path: String, operation: String) throws(MediaError) {
        let parameters = stream.pointee.codecpar
        guard let identifier = parameters?.pointee.codec_id, let codec = avcodec_find_decoder(identifier) else {
            let name = avcodec_get_name(parameters?.pointee.codec_id ?? AV_CODEC_ID_NONE).map { String(cString: $0) }
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "FFmpeg has no decoder for its sound format (\(name ?? "unknown"))",
                advice: "convert it with the program that made it")
        }
        let mark = LibraryLog.mark()
        context = avcodec_alloc_context3(codec)
        guard let context else {
            throw LibraryError(heirloom_averror(ENOMEM), since: mark)
                .mediaError(.libraryFailure, operation, path: path)
        }
        avcodec_parameters_to_context(context, parameters)
        context.pointee.pkt_timebase = stream.pointee.time_base
        context.pointee.thread_count = 1
        let status = avcodec_open2(context, codec, nil)
        if status < 0 {
            let error = LibraryError(status, since: mark)
            avcodec_free_context(&self.context)
            throw error.mediaError(.corrupt, operation, path: path, advice: "check that it plays elsewhere")
        }
    }

    deinit { avcodec_free_context(&context) }

    /// Gives the decoder a packet; nil says that no more come.
    func send(_ packet: UnsafeMutablePointer<AVPacket>?) -> LibraryError? {
        let mark = LibraryLog.mark()
        let status = avcodec_send_packet(context, packet)
        return status < 0 && status != heirloom_averror_eof() ? LibraryError(status, since: mark) : nil
    }

    /// Takes a frame from the decoder.
    func receive() -> Answer {
        let mark = LibraryLog.mark()
        let status = avcodec_receive_frame(context, frame.pointer)
        if status >= 0 { return .frame(frame.pointer) }
        if status == heirloom_averror(EAGAIN) { return .wantsPacket }
        if status == heirloom_averror_eof() { return .drained }
        return .failure(LibraryError(status, since: mark))
    }

    /// Forgets what was sent: after a seek.
    func flush() { avcodec_flush_buffers(context) }
}
