import CLibAV
import Foundation

/// Encodes a stretch of a film by itself into a file of its own, to be joined with its neighbours by `FilmAssembler`.
///
/// The bytes are a function of the frames, the format, the encoding and the number of threads, on every machine; where
/// the stretch lies in the film shows only in its timestamps. A writer blocks and belongs to one thread. Dropping one
/// that was not finished removes its file.
///
/// The file is a list of packets behind a header, because none of libavformat's containers holds them as they are: NUT
/// takes no timestamp below zero and no length of a frame, MP4 and QuickTime know lengths only in the order of decoding,
/// Matroska counts in milliseconds.
public final class SegmentWriter {
    static let operation = "write the segment"

    private let format: VideoFormat
    private var file: SegmentFile?
    private let encoder: VideoEncoder
    private var frames: [SegmentFrame] = []
    /// Lengths of frames that the encoder still holds, by timestamp.
    private var durations: [Int64: Int64] = [:]

    /// Opens the encoder and makes the file, at exactly this path; an older one is replaced.
    ///
    /// - Parameters:
    ///   - format: what all frames of the film have in common.
    ///   - threads: how many threads encode; it shows in the bytes of H.264 and H.265, so it is fixed for a film.
    /// - Throws: `notWritable`, `diskFull`; `unsupported` where codec and format do not go together.
    /// - Precondition: `threads` is positive.
    public init(
        path: String, format: VideoFormat, encoding: VideoEncoding, threads: Int
    ) throws(MediaError) {
        precondition(threads > 0, "an encoder works on at least one thread, not on \(threads)")
        let operation = SegmentWriter.operation
        // Every container that films are joined into keeps the coding's header apart.
        encoder = try VideoEncoder(
            encoding, format: format, needsGlobalHeader: true, threads: threads, path: path, operation: operation)
        self.format = format
        let header = try SegmentHeader(encoder, codec: encoding.codec, format: format)
        file = try SegmentFile(path: path, header: header)
    }

    /// Encodes a frame and writes what comes out.
    ///
    /// - Precondition: size and pixel format are those of the film; timestamps increase and are whole ticks of its
    ///   time base; the writer is neither finished nor failed.
    /// - Throws: `diskFull`, `writeFailed`; nothing can be written afterwards, and the file is gone.
    public func write(_ frame: VideoFrame) throws(MediaError) {
        let pts = format.requireFitting(frame, after: frames.last?.pts)
        let duration = frame.duration.rescaled(to: format.timeBase).value
        frames.append(SegmentFrame(pts: pts, duration: duration))
        durations[pts] = duration
        try encode(frame, pts: pts)
    }

    /// Drains the encoder and waits until the file is on the disk.
    ///
    /// - Throws: `diskFull`, `writeFailed`; `libraryFailure` where the encoder kept frames for itself.
    /// - Precondition: at least one frame was written; the writer is neither finished nor failed.
    public func finish() throws(MediaError) -> SegmentSummary {
        precondition(!frames.isEmpty, "a segment without frames has nothing to finish")
        try encode(nil, pts: 0)
        guard let file else { preconditionFailure("the segment is finished or has failed") }
        defer { self.file = nil }
        guard durations.isEmpty, file.packetCount == frames.count else {
            throw MediaError(
                .libraryFailure, SegmentWriter.operation, path: file.path,
                reason: "the encoder gave \(file.packetCount) of \(frames.count) frames back",
                advice: "choose another codec")
        }
        return SegmentSummary(frames: frames, byteCount: try file.finish())
    }

    private func encode(_ frame: VideoFrame?, pts: Int64) throws(MediaError) {
        guard let file else { preconditionFailure("the segment is finished or has failed") }
        do throws(MediaError) {
            try encoder.encode(frame, pts: pts) { packet throws(MediaError) in
                packet.pointee.duration = durations.removeValue(forKey: packet.pointee.pts) ?? 0
                try file.write(packet)
            }
        } catch {
            self.file = nil
            throw error
        }
    }
}

extension VideoFormat {
    /// Traps where a frame is none of the film's; its timestamp in ticks of the film's time base.
    func requireFitting(_ frame: VideoFrame, after last: Int64?) -> Int64 {
        precondition(
            frame.width == width && frame.height == height && frame.pixelFormat == pixelFormat,
            "a \(frame.width)×\(frame.height) \(frame.pixelFormat) frame does not fit a film of"
                + " \(width)×\(height) \(pixelFormat)")
        precondition(frame.pts.isExact(in: timeBase), "\(frame.pts) is no whole tick of \(timeBase) s")
        let pts = frame.pts.rescaled(to: timeBase).value
        precondition(last.map { pts > $0 } ?? true, "the timestamp \(pts) does not lie behind \(last ?? 0)")
        return pts
    }
}
