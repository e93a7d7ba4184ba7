import CLibAV

/// Writes a film frame by frame beside its target and renames it when whole; other streams are copied from a source.
///
/// A writer blocks and belongs to one thread: make it where it is used. Timestamps are those of the frames, exactly
/// where the container can hold them. Dropping a writer that was not finished removes what it wrote.
public final class VideoWriter {
    static let operation = "write the film"

    private let path: String
    private let format: VideoFormat
    private let codec: VideoCodec
    private var parts: Parts?
    private var lastPTS: Int64?
    /// Lengths of frames that the encoder still holds, by timestamp.
    private var durations: [Int64: Int64] = [:]

    /// What exists while the file is being written; gone after the end or a failure, and the hidden file with it.
    private struct Parts {
        let encoder: VideoEncoder
        let output: FilmOutput
    }

    /// Opens the encoder and makes a hidden file beside the target.
    ///
    /// - Parameters:
    ///   - path: the target; its ending (.mp4, .m4v, .mov, .mkv) chooses the container.
    ///   - format: what all frames will have in common.
    ///   - copying: where sound, subtitles, chapters and metadata come from; nil for the film alone.
    ///   - overwrite: whether a file of that name may be replaced.
    ///   - startsAtOnce: whether MP4 and QuickTime get their index at the front, for films that are sent and streamed.
    /// - Throws: `exists`, `sameFile`, `isDirectory`, `notWritable`; `unsupported` where container, codec and format do
    ///   not go together; whatever opening the source throws.
    public init(
        path: String, format: VideoFormat, encoding: VideoEncoding, copying: StreamCopySource? = nil,
        overwrite: Bool = false, startsAtOnce: Bool = false
    ) throws(MediaError) {
        let operation = VideoWriter.operation
        try VideoWriter.check(
            path: path, encoding: encoding, inputs: copying.map { [$0.path] } ?? [], overwrite: overwrite,
            size: (format.width, format.height))
        let muxer = try Muxer(
            path: path, operation: operation, inputs: copying.map { [$0.path] } ?? [], overwrite: overwrite)
        muxer.startsAtOnce = startsAtOnce
        let encoder = try VideoEncoder(
            encoding, format: format, needsGlobalHeader: muxer.needsGlobalHeader, path: path, operation: operation)
        let output = try FilmOutput(
            muxer: muxer, format: format, copying: copying, followsFilm: false, sound: nil, path: path,
            operation: operation)
        guard avcodec_parameters_from_context(output.film.pointee.codecpar, encoder.context) >= 0 else {
            throw MediaError(.libraryFailure, operation, path: path, reason: "the memory does not suffice")
        }
        self.path = path
        self.format = format
        codec = encoding.codec
        parts = Parts(encoder: encoder, output: output)
    }

    /// Refuses what the initializer would refuse about names and codings, without making anything.
    ///
    /// - Parameters:
    ///   - inputs: files that must not be overwritten.
    ///   - size: of the pictures that will be written; nil where it is not known yet.
    /// - Throws: `exists`, `sameFile`, `isDirectory`, `notWritable`; `unsupported` for unknown endings, for codings
    ///   that the container cannot hold, and for pictures that the coding cannot hold.
    public static func check(
        path: String, encoding: VideoEncoding, inputs: [String], overwrite: Bool,
        size: (width: Int, height: Int)? = nil
    ) throws(MediaError) {
        try FileChecks.requireWritable(path, operation: operation, inputs: inputs, overwrite: overwrite)
        try VideoContainer(path: path, operation: operation)
            .requireHolds(encoding.codec, path: path, operation: operation)
        let takesQuality = encoding.codec == .h264 || encoding.codec == .h265
        if let quality = encoding.quality, !takesQuality || !(0...51).contains(quality) {
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "a quality of \(quality) means nothing to \(encoding.codec.title)",
                advice: "H.264 and H.265 take 0 (best) to 51; other codecs take none")
        }
        if let preset = encoding.preset, !takesQuality || !VideoEncoding.presets.contains(preset) {
            throw MediaError(
                .unsupported, operation, path: path,
                reason: "\(encoding.codec.title) has no preset '\(preset)'",
                advice: "H.264 and H.265 take \(VideoEncoding.presets.joined(separator: ", ")); other codecs take none")
        }
        if let size { try requireSize(size, encoding.codec, path: path) }
    }

    private static func requireSize(
        _ size: (width: Int, height: Int), _ codec: VideoCodec, path: String
    ) throws(MediaError) {
        guard let limits = codec.limits,
            max(size.width, size.height) > limits.side || size.width * size.height > limits.samples
        else { return }
        throw MediaError(
            .unsupported, operation, path: path,
            reason: "\(codec.title) holds at most \(limits.side) samples a side and \(limits.samples / 1_000_000)"
                + " million in all, the pictures would be \(size.width)×\(size.height)",
            advice: "make them smaller, or choose FFV1 and a name that ends in .mkv")
    }

    /// Encodes a frame and writes what comes out, with the packets of the other streams up to there.
    ///
    /// - Precondition: size and pixel format are those of the film; timestamps increase and are whole ticks of its
    ///   time base; the writer is neither finished nor failed.
    /// - Throws: `diskFull`, `writeFailed`, `unreadable` for the source; nothing can be written afterwards.
    public func write(_ frame: VideoFrame) throws(MediaError) {
        let pts = format.requireFitting(frame, after: lastPTS)
        try abandoningOnFailure { parts throws(MediaError) in
            if lastPTS == nil { try parts.output.begin(at: pts, codec: codec) }
            lastPTS = pts
            durations[pts] = frame.duration.rescaled(to: format.timeBase).value
            try encode(frame, pts: pts, parts)
        }
    }

    /// Drains the encoder, copies what is left, and gives the file its name.
    ///
    /// - Returns: sentences about what the container could not hold or the codec changed; empty where all went through.
    /// - Throws: `diskFull`, `writeFailed`, `exists`; the hidden file is removed then.
    /// - Precondition: the writer is neither finished nor failed.
    public func finish() throws(MediaError) -> [String] {
        guard lastPTS != nil else {
            parts = nil
            throw MediaError(
                .writeFailed, VideoWriter.operation, path: path, reason: "no frame was given to it",
                advice: "check the source")
        }
        var notes: [String] = []
        try abandoningOnFailure { parts throws(MediaError) in
            try encode(nil, pts: 0, parts)
            notes = [parts.encoder.note].compactMap(\.self) + (try parts.output.finish())
            try parts.output.muxer.commit()
        }
        parts = nil
        return notes
    }

    /// Removes what was written so far; the writer cannot be used afterwards.
    public func cancel() {
        parts = nil
    }

    private func encode(_ frame: VideoFrame?, pts: Int64, _ parts: Parts) throws(MediaError) {
        try parts.encoder.encode(frame, pts: pts) { packet throws(MediaError) in
            packet.pointee.duration = durations.removeValue(forKey: packet.pointee.pts) ?? 0
            try parts.output.write(packet)
        }
    }

    private func abandoningOnFailure(_ body: (Parts) throws(MediaError) -> Void) throws(MediaError) {
        guard let parts else { preconditionFailure("the writer of '\(path)' is finished or has failed") }
        do throws(MediaError) {
            try body(parts)
        } catch {
            self.parts = nil
            throw error
        }
    }

    /// A code of four letters as containers store it.
    static func tag(_ name: String) -> UInt32 {
        name.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
