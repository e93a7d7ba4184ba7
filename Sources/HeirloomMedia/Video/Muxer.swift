import CLibAV
import Foundation

/// An output file being written: streams, header, packets, trailer. Used on one thread.
///
/// The bytes go to a hidden file beside the target; dropping a muxer that was not finished removes it.
final class Muxer {
    let container: VideoContainer
    /// Borrowed by whoever fills in streams; lives as long as this object.
    let context: UnsafeMutablePointer<AVFormatContext>
    private var file: PartialFile
    private let path: String
    private let operation: String
    private var hasHeader = false

    /// Makes the hidden file.
    ///
    /// - Throws: what `PartialFile` throws, and `unsupported` for endings that films are not written to.
    init(path: String, operation: String, inputs: [String], overwrite: Bool) throws(MediaError) {
        container = try VideoContainer(path: path, operation: operation)
        file = try PartialFile(target: path, operation: operation, inputs: inputs, overwrite: overwrite)
        self.path = path
        self.operation = operation
        let mark = LibraryLog.mark()
        var made: UnsafeMutablePointer<AVFormatContext>?
        let status = avformat_alloc_output_context2(&made, container.format, nil, "file:" + file.path)
        guard status >= 0, let made else {
            throw LibraryError(status, since: mark).mediaError(.libraryFailure, operation, path: path)
        }
        context = made
        let opened = avio_open2(&made.pointee.pb, "file:" + file.path, AVIO_FLAG_WRITE, nil, nil)
        if opened < 0 {
            throw LibraryError(opened, since: mark).mediaError(
                .notWritable, operation, path: path, advice: "choose another folder")
        }
        // Shifting all timestamps because some sound starts below zero would move every frame.
        made.pointee.avoid_negative_ts = 0
    }

    deinit {
        avio_closep(&context.pointee.pb)
        avformat_free_context(context)
    }

    /// The hidden name, for looking at the finished file before it gets its own.
    var temporaryPath: String { file.path }

    /// Whether encoders must keep their header apart from the frames.
    var needsGlobalHeader: Bool { context.pointee.oformat.pointee.flags & AVFMT_GLOBALHEADER != 0 }

    /// A new stream at the end.
    func addStream() throws(MediaError) -> UnsafeMutablePointer<AVStream> {
        guard let stream = avformat_new_stream(context, nil) else {
            throw MediaError(.libraryFailure, operation, path: path, reason: "the memory does not suffice")
        }
        return stream
    }

    /// Writes the header; all streams must be there. Their time bases are final afterwards.
    ///
    /// - Parameter timeBase: the film's, which the container shall represent where it can.
    func writeHeader(timeBase: Rational) throws(MediaError) {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        if container != .matroska {
            // The track counts in the film's own ticks, and so does the movie, whose clock places the first frame.
            let scale = Int64(timeBase.denominator)
            av_dict_set_int(&options, "video_track_timescale", scale, 0)
            let factor = (999 + scale) / scale
            av_dict_set_int(&options, "movie_timescale", min(scale * factor, Int64(Int32.max)), 0)
        }
        let mark = LibraryLog.mark()
        try check(avformat_write_header(context, &options), mark)
        hasHeader = true
    }

    /// Writes a packet, its stream and its timestamps (in the stream's time base) set. Packets come in the order of
    /// decoding over all streams.
    func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) {
        let mark = LibraryLog.mark()
        try check(av_write_frame(context, packet), mark)
        if let pb = context.pointee.pb, pb.pointee.error < 0 { try check(pb.pointee.error, mark) }
    }

    /// Writes the trailer and closes the hidden file.
    func writeTrailer() throws(MediaError) {
        precondition(hasHeader, "a trailer needs a header")
        let mark = LibraryLog.mark()
        try check(av_write_trailer(context), mark)
        avio_flush(context.pointee.pb)
        if let pb = context.pointee.pb, pb.pointee.error < 0 { try check(pb.pointee.error, mark) }
        try check(avio_closep(&context.pointee.pb), mark)
    }

    /// Gives the file its name.
    func commit() throws(MediaError) { try file.commit() }

    private func check(_ status: Int32, _ mark: UInt64) throws(MediaError) {
        guard status < 0 else { return }
        throw LibraryError(status, since: mark)
            .mediaError(.writeFailed, operation, path: path, advice: "check the disk")
    }
}
