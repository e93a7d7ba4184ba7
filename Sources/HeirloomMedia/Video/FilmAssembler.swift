import CLibAV
import Foundation

/// Joins the segments of a film into one file, with the other streams of the source: packets are copied, nothing is
/// encoded but a new sound.
///
/// Equal segments and sources give equal bytes. Memory stays flat. An assembler blocks and belongs to one thread;
/// dropping one that was not finished removes its file.
public final class FilmAssembler {
    static let operation = "join the film"

    /// What went into each stream: complete when the film is finished.
    public private(set) var streams: [JoinedStream] = []

    private let target: String
    private let format: VideoFormat
    private let encoding: VideoEncoding
    private var output: FilmOutput?
    private var header: (header: SegmentHeader, path: String)?
    private var clock: DecodeClock?

    /// Makes the file and its streams.
    ///
    /// - Parameters:
    ///   - path: the file to make, exactly; an older one is replaced.
    ///   - target: what the file will be called; its ending chooses the container, errors name it.
    ///   - format: what all frames of the film have in common.
    ///   - encoding: how the segments are coded.
    ///   - copying: the film of which the segments are: sound, subtitles, chapters and metadata come from there, and last
    ///     longer where the film's ticks do (`VideoReaderOptions.speed`); nil for the film alone.
    ///   - sound: what takes the place of one of the source's sound tracks.
    /// - Throws: `notWritable`; `unsupported` where container and coding do not go together; whatever opening the
    ///   source and the sound throws.
    /// - Precondition: a new sound comes with a source.
    public init(
        path: String, target: String, format: VideoFormat, encoding: VideoEncoding, copying: StreamCopySource?,
        sound: NewSound? = nil
    ) throws(MediaError) {
        let operation = FilmAssembler.operation
        try VideoContainer(path: target, operation: operation)
            .requireHolds(encoding.codec, path: target, operation: operation)
        let muxer = try Muxer(writing: path, target: target, operation: operation)
        output = try FilmOutput(
            muxer: muxer, format: format, copying: copying, followsFilm: true, sound: sound, path: target,
            operation: operation)
        self.target = target
        self.format = format
        self.encoding = encoding
    }

    /// Appends a segment; segments come in the order of the film.
    ///
    /// - Throws: `corrupt` for a file that is no whole segment or does not belong to the film; `diskFull`,
    ///   `writeFailed`; `unreadable` for the source. Nothing can be appended afterwards, and the file is gone.
    /// - Precondition: the assembler is neither finished nor failed.
    public func append(segment path: String) throws(MediaError) {
        try abandoningOnFailure { output throws(MediaError) in
            let reader = try SegmentReader(path: path)
            try begin(reader, output)
            while let packet = try reader.next() {
                guard let time = clock?.time(pts: packet.pointee.pts, duration: packet.pointee.duration) else {
                    throw MediaError(
                        .corrupt, FilmAssembler.operation, path: target,
                        reason: "the times of segment '\(path)' do not go on behind those before it",
                        advice: "remove the segment, and it is made again")
                }
                packet.pointee.dts = time
                try output.write(packet)
            }
        }
    }

    /// Writes what is left of the other streams and waits until the file is on the disk.
    ///
    /// - Returns: sentences about what the container could not hold or the codec changed; empty where all went through.
    /// - Throws: `diskFull`, `writeFailed`, `unreadable`; the file is removed then.
    /// - Precondition: at least one segment was appended; the assembler is neither finished nor failed.
    public func finish() throws(MediaError) -> [String] {
        precondition(header != nil, "a film without segments has nothing to join")
        var notes = [encoding.pixelFormat(for: format).note].compactMap(\.self)
        try abandoningOnFailure { output throws(MediaError) in
            notes += try output.finish()
            try output.muxer.commit()
            streams = output.streams
        }
        output = nil
        return notes
    }

    private func begin(_ reader: SegmentReader, _ output: FilmOutput) throws(MediaError) {
        if let header {
            guard let difference = reader.header.difference(from: header.header) else { return }
            throw MediaError(
                .corrupt, FilmAssembler.operation, path: target,
                reason: "segment '\(reader.path)' does not fit '\(header.path)': \(difference)",
                advice: "begin again with --restart")
        }
        guard reader.header.format == format, reader.header.codec == encoding.codec else {
            throw MediaError(
                .corrupt, FilmAssembler.operation, path: target,
                reason: "segment '\(reader.path)' is of another film or another coding",
                advice: "begin again with --restart")
        }
        header = (reader.header, reader.path)
        clock = DecodeClock(depth: reader.header.reorderDepth)
        try reader.header.fill(output.film.pointee.codecpar, path: target)
        try output.begin(at: try reader.firstTime(), codec: encoding.codec)
    }

    private func abandoningOnFailure(_ body: (FilmOutput) throws(MediaError) -> Void) throws(MediaError) {
        guard let output else { preconditionFailure("the film '\(target)' is finished or has failed") }
        do throws(MediaError) {
            try body(output)
        } catch {
            self.output = nil
            throw error
        }
    }
}
