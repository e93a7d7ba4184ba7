import CLibAV
import Foundation

/// An output file being written: streams, header, packets, trailer. Used on one thread.
///
/// The bytes go to a hidden file beside the target, or to an exact place; dropping a muxer that was not finished removes
/// them. Equal packets give equal bytes: nothing in the file tells of the hour or of chance.
final class Muxer {
    let container: VideoContainer
    /// Borrowed by whoever fills in streams; lives as long as this object.
    let context: UnsafeMutablePointer<AVFormatContext>
    /// The file that is being written, for looking at it before it gets its own name.
    let temporaryPath: String
    /// What went into each stream so far.
    private(set) var written: [Int: Written] = [:]
    private var file: PartialFile?
    /// Whether MP4 and QuickTime get their index at the front, for players that begin before they have all of the file; the
    /// end of the work writes all of it again. To be set before the header.
    var startsAtOnce = false
    private let path: String
    private let operation: String
    private var hasHeader = false
    private var isWhole = false

    /// What went into a stream.
    struct Written {
        var packets = 0
        /// The latest time at which something in the stream begins.
        var last: MediaTime?
    }

    /// Makes the hidden file.
    ///
    /// - Throws: what `PartialFile` throws, and `unsupported` for endings that films are not written to.
    convenience init(path: String, operation: String, inputs: [String], overwrite: Bool) throws(MediaError) {
        let file = try PartialFile(target: path, operation: operation, inputs: inputs, overwrite: overwrite)
        try self.init(writing: file.path, target: path, operation: operation)
        self.file = consume file
    }

    /// Makes a file at an exact place, where whoever calls has made room for it; an older one is replaced.
    ///
    /// - Parameter target: what the file will be called, for its container and for errors.
    init(writing place: String, target: String, operation: String) throws(MediaError) {
        container = try VideoContainer(path: target, operation: operation)
        temporaryPath = place
        path = target
        self.operation = operation
        let mark = LibraryLog.mark()
        var made: UnsafeMutablePointer<AVFormatContext>?
        let status = avformat_alloc_output_context2(&made, container.format, nil, "file:" + place)
        guard status >= 0, let made else {
            throw LibraryError(status, since: mark).mediaError(.libraryFailure, operation, path: target)
        }
        context = made
        let opened = avio_open2(&made.pointee.pb, "file:" + place, AVIO_FLAG_WRITE, nil, nil)
        if opened < 0 {
            throw LibraryError(opened, since: mark).mediaError(
                .notWritable, operation, path: target, advice: "choose another folder")
        }
        // Shifting all timestamps because some sound starts below zero would move every frame.
        made.pointee.avoid_negative_ts = 0
        // Matroska would draw lots for the numbers of its tracks and attachments.
        made.pointee.flags |= AVFMT_FLAG_BITEXACT
    }

    deinit {
        avio_closep(&context.pointee.pb)
        avformat_free_context(context)
        if !isWhole && file == nil { unlink(temporaryPath) }
    }

    /// Whether encoders must keep their header apart from the frames.
    var needsGlobalHeader: Bool { context.pointee.oformat.pointee.flags & AVFMT_GLOBALHEADER != 0 }
    /// Whether no two packets of a film or a sound may have the same decoding time.
    var needsIncreasingTimes: Bool { context.pointee.oformat.pointee.flags & AVFMT_TS_NONSTRICT == 0 }

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
            if startsAtOnce { av_dict_set(&options, "movflags", "+faststart", 0) }
        }
        let mark = LibraryLog.mark()
        try check(avformat_write_header(context, &options), mark)
        hasHeader = true
    }

    /// Writes a packet, its stream and its timestamps (in the stream's time base) set. Packets come in the order of
    /// decoding over all streams.
    func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) {
        let mark = LibraryLog.mark()
        note(packet)
        try check(av_write_frame(context, packet), mark)
        if let pb = context.pointee.pb, pb.pointee.error < 0 { try check(pb.pointee.error, mark) }
    }

    /// Writes a packet of a source that may be damaged.
    ///
    /// - Returns: whether the container could hold it; false where its bytes are not what its format demands, such as a
    ///   frame of sound without the header that is to be taken off. Nothing is written then.
    func copy(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaError) -> Bool {
        let mark = LibraryLog.mark()
        let status = av_write_frame(context, packet)
        if status == Self.invalidData, context.pointee.pb.map({ $0.pointee.error >= 0 }) ?? true { return false }
        note(packet)
        try check(status, mark)
        if let pb = context.pointee.pb, pb.pointee.error < 0 { try check(pb.pointee.error, mark) }
        return true
    }

    /// `AVERROR_INVALIDDATA`, a macro that Swift does not see.
    private static let invalidData: Int32 = -0x4144_4E49

    /// Writes the trailer and closes the hidden file.
    func writeTrailer() throws(MediaError) {
        precondition(hasHeader, "a trailer needs a header")
        let mark = LibraryLog.mark()
        try check(av_write_trailer(context), mark)
        avio_flush(context.pointee.pb)
        if let pb = context.pointee.pb, pb.pointee.error < 0 { try check(pb.pointee.error, mark) }
        try check(avio_closep(&context.pointee.pb), mark)
    }

    /// Flushes the file to disk and gives it its name where that is another.
    func commit() throws(MediaError) {
        if file == nil {
            try FileChecks.flush(temporaryPath, target: path, operation: operation)
        } else {
            try file?.commit()
        }
        isWhole = true
    }

    private func note(_ packet: UnsafeMutablePointer<AVPacket>) {
        let index = Int(packet.pointee.stream_index)
        var entry = written[index] ?? Written()
        entry.packets += 1
        if let base = context.pointee.streams[index]?.pointee.time_base.rational {
            let moment = MediaTime(packet.pointee.pts, base)
            entry.last = entry.last.map { max($0, moment) } ?? moment
        }
        written[index] = entry
    }

    private func check(_ status: Int32, _ mark: UInt64) throws(MediaError) {
        guard status < 0 else { return }
        throw LibraryError(status, since: mark)
            .mediaError(.writeFailed, operation, path: path, advice: "check the disk")
    }
}
