import CLibAV
import Foundation

/// An opened media file: its streams and its packets, in file order.
///
/// Used on one thread. Names are always opened as `file:` and nothing but files may be opened from inside, so that no
/// name is ever taken for an option, a pattern or an address, and no playlist reaches the network.
final class Demuxer {
    /// Borrowed by whoever reads streams; lives as long as this object.
    let context: UnsafeMutablePointer<AVFormatContext>
    let path: String
    private let operation: String
    private let packet: UnsafeMutablePointer<AVPacket>

    /// What is looked for in a file, for the words of refusals.
    enum Subject: String {
        case film
        case sound

        var code: MediaError.Code { self == .film ? .noVideo : .noSound }
    }

    /// What a call of `read` brought.
    enum Event {
        /// A packet, borrowed until the next call.
        case packet(UnsafeMutablePointer<AVPacket>)
        /// The end of the file.
        case end
        /// The demuxer could not read on; another call may succeed.
        case failure(LibraryError)
    }

    /// Opens a file and learns about its streams.
    ///
    /// - Parameters:
    ///   - operation: a verb phrase that follows "Cannot", for errors.
    ///   - maximumPixels: pictures larger than this are refused before anything is allocated for them.
    ///   - subject: what is looked for in the file.
    init(path: String, operation: String, maximumPixels: Int, subject: Subject = .film) throws(MediaError) {
        try FileChecks.requireReadable(path, operation: operation)
        let format = try Demuxer.format(of: path, operation: operation, subject)
        let mark = LibraryLog.mark()
        var opened: UnsafeMutablePointer<AVFormatContext>?
        var options: OpaquePointer?
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        let status = avformat_open_input(&opened, "file:" + path, format, &options)
        av_dict_free(&options)
        guard status >= 0, let opened else {
            throw Demuxer.refusal(LibraryError(status, since: mark), path: path, operation: operation, subject)
        }
        context = opened
        self.path = path
        self.operation = operation
        packet = av_packet_alloc()
        try requireSize(maximumPixels)
        try findStreams(maximumPixels)
        try requireSize(maximumPixels)
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        var context: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&context)
    }

    /// The streams, in the order of their indices.
    var streams: [UnsafeMutablePointer<AVStream>] {
        (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0] }
    }

    /// The short name of the container: "mov,mp4,m4a,3gp,3g2,mj2".
    var formatName: String { String(cString: context.pointee.iformat.pointee.name) }

    /// When the film starts, on the clock of its timestamps.
    var start: MediaTime {
        let start = context.pointee.start_time
        return start == heirloom_nopts() ? .zero : MediaTime(start, MediaTime.microsecond)
    }

    /// How long the film is, as the container says; nil where it does not.
    var duration: MediaTime? {
        let duration = context.pointee.duration
        return duration == heirloom_nopts() || duration <= 0 ? nil : MediaTime(duration, MediaTime.microsecond)
    }

    /// The index of the moving picture: the best stream of that kind that is not a cover.
    ///
    /// - Throws: `noVideo` where there is none, saying what is there instead.
    func filmIndex() throws(MediaError) -> Int {
        let best = Int(av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0))
        let films = streams.filter { Demuxer.isFilm($0) }
        if let found = films.first(where: { Int($0.pointee.index) == best }) ?? films.first {
            return Int(found.pointee.index)
        }
        let hasCover = streams.contains { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO }
        let hasSound = streams.contains { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO }
        let reason: String
        switch (hasSound, hasCover) {
        case (true, true): reason = "it holds sound and a cover picture but no film"
        case (true, false): reason = "it holds sound but no picture"
        default: reason = "it holds no moving picture"
        }
        throw MediaError(.noVideo, operation, path: path, reason: reason, advice: "give a film with a picture track")
    }

    /// Reads the next packet of any stream that is not discarded.
    func read() -> Event {
        av_packet_unref(packet)
        let mark = LibraryLog.mark()
        let status = av_read_frame(context, packet)
        if status >= 0 { return .packet(packet) }
        if status == heirloom_averror_eof() {
            // A failing disk looks like the end to some demuxers; the file layer remembers the error.
            if let file = context.pointee.pb, file.pointee.error < 0, file.pointee.error != heirloom_averror_eof() {
                return .failure(LibraryError(file.pointee.error, since: mark))
            }
            return .end
        }
        return .failure(LibraryError(status, since: mark))
    }

    /// Goes to the last place at or before a moment where decoding can start.
    ///
    /// - Returns: whether the container can do that.
    func seek(to time: MediaTime, stream index: Int) -> Bool {
        guard let base = streams[index].pointee.time_base.rational else { return false }
        let target = time.rescaled(to: base, rounding: .down).value
        return av_seek_frame(context, Int32(index), target, AVSEEK_FLAG_BACKWARD) >= 0
    }

    /// Lets the container skip the packets of all streams but the given ones.
    func keepOnly(_ indices: Set<Int>) {
        for stream in streams where !indices.contains(Int(stream.pointee.index)) {
            stream.pointee.discard = AVDISCARD_ALL
        }
    }

    static func isFilm(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
            && stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }

    /// Recognises the container by the file's bytes, before anything is opened that reads on by itself.
    ///
    /// - Throws: `noVideo` for stills, texts and lists of other files, of which FFmpeg makes films too; `corrupt`.
    private static func format(
        of path: String, operation: String, _ subject: Subject
    ) throws(MediaError) -> UnsafePointer<AVInputFormat> {
        let mark = LibraryLog.mark()
        var file: UnsafeMutablePointer<AVIOContext>?
        var status = avio_open2(&file, "file:" + path, AVIO_FLAG_READ, nil, nil)
        var found: UnsafePointer<AVInputFormat>?
        if status >= 0 { status = av_probe_input_buffer2(file, &found, "file:" + path, nil, 0, 0) }
        avio_closep(&file)
        guard status >= 0, let found else {
            throw refusal(LibraryError(status, since: mark), path: path, operation: operation, subject)
        }
        let name = String(cString: found.pointee.name)
        if name == "image2" || name.hasSuffix("_pipe") || name == "ico" {
            throw MediaError(
                subject.code, operation, path: path, reason: "it is a still picture, not a \(subject.rawValue)",
                advice: subject == .film
                    ? "treat it as a photo (give it a name that ends in .png, .jpg or .tif)" : "give a sound or a film")
        }
        if ["tty", "bin", "xbin", "adf", "idf"].contains(name) {
            throw MediaError(
                subject.code, operation, path: path, reason: "it is a text, not a \(subject.rawValue)",
                advice: "give a \(subject.rawValue)")
        }
        if ["hls", "dash", "concat", "sdp", "rtsp", "imf", "webm_dash_manifest"].contains(name) {
            throw MediaError(
                subject.code, operation, path: path,
                reason: "it is a list of other files, not a \(subject.rawValue)",
                advice: "give the \(subject.rawValue) itself")
        }
        return found
    }

    private func requireSize(_ maximumPixels: Int) throws(MediaError) {
        for stream in streams where stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO {
            let width = Int(stream.pointee.codecpar.pointee.width)
            let height = Int(stream.pointee.codecpar.pointee.height)
            guard width * height > maximumPixels else { continue }
            throw MediaError(
                .tooLarge, operation, path: path,
                reason: "it says that its picture has \(width)×\(height) samples; the limit is \(maximumPixels)",
                advice: "the header is probably damaged; if it is true, scale the film down first")
        }
    }

    private func findStreams(_ maximumPixels: Int) throws(MediaError) {
        // Decoders that are opened for probing keep the limit too; streams found later get it in VideoDecoder.
        let count = Int(context.pointee.nb_streams)
        var options = [OpaquePointer?](repeating: nil, count: count)
        let limit = min(Int64(maximumPixels), Int64(Int32.max))  // the option takes no more
        for index in options.indices { av_dict_set_int(&options[index], "max_pixels", limit, 0) }
        let mark = LibraryLog.mark()
        let status = avformat_find_stream_info(context, &options)  // an empty array is a pointer that is not read
        for index in options.indices { av_dict_free(&options[index]) }
        if status < 0 {
            throw LibraryError(status, since: mark).mediaError(
                .corrupt, operation, path: path, advice: "copy it again from where it came from")
        }
    }

    private static func refusal(
        _ error: LibraryError, path: String, operation: String, _ subject: Subject
    ) -> MediaError {
        if looksLikeText(path) {
            return MediaError(
                subject.code, operation, path: path, reason: "it is a text, not a \(subject.rawValue)",
                advice: "give a \(subject.rawValue)")
        }
        if error.text.contains("moov atom not found") {
            return MediaError(
                .corrupt, operation, path: path,
                reason: "it is cut off: the index at its end is missing (\(error.text))",
                advice: "copy it again from where it came from; a recording that was cut off needs a repair tool first")
        }
        // A header that was cut off is an I/O error to some demuxers.
        let isCut = error.code == heirloom_averror(EIO) && FileChecks.isHeadReadable(path)
        if isCut || error.code == heirloom_averror_invaliddata() || error.code == heirloom_averror_eof() {
            return MediaError(
                .corrupt, operation, path: path,
                reason: "it is not a \(subject.rawValue), or its beginning is damaged (\(error.text))",
                advice: "check that it plays; if not, copy it again from where it came from")
        }
        return error.mediaError(.unreadable, operation, path: path, advice: "check that it plays elsewhere")
    }

    private static func looksLikeText(_ path: String) -> Bool {
        guard let file = fopen(path, "rb") else { return false }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = fread(&bytes, 1, bytes.count, file)
        let isPlain = bytes[..<count].allSatisfy { $0 >= 32 && $0 != 127 || $0 == 9 || $0 == 10 || $0 == 13 }
        // The last character may be cut in the middle, which decoding repairs with a replacement character.
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return isPlain && text.unicodeScalars.count { $0 == "\u{FFFD}" } <= 1
    }
}

extension AVRational {
    /// The ratio; nil where it is not one (unknown values are 0/0 or 0/1).
    var rational: Rational? { num > 0 && den > 0 ? Rational(num, den) : nil }
}

extension Rational {
    /// For FFmpeg.
    var av: AVRational { AVRational(num: numerator, den: denominator) }
}
