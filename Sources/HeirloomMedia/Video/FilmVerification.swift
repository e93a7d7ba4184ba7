import CLibAV
import Foundation

/// What reading a finished film back has shown: that it holds every frame at its time, and every stream that it should.
public struct FilmVerification: Sendable, Hashable, Codable {
    /// Frames in the file, all of them where they should be.
    public var frameCount: Int
    /// How many timestamps the container could not hold exactly and rounded to its nearest tick.
    public var roundedTimestamps: Int

    static let operation = "verify the film"

    /// Makes a result.
    public init(frameCount: Int, roundedTimestamps: Int) {
        self.frameCount = frameCount
        self.roundedTimestamps = roundedTimestamps
    }

    /// Reads a file's packets, without decoding them, and compares them with what was written.
    ///
    /// - Parameters:
    ///   - path: the finished file.
    ///   - frames: all frames of the film, in the order of display, as they were written.
    ///   - timeBase: the tick of the frames' times.
    ///   - isPiece: whether only a piece of a film was written, whose clock starts at its first frame.
    ///   - streams: what went into the other streams (`FilmAssembler.streams`); empty where only the film is checked.
    /// - Throws: `corrupt` with the number of the first frame that is missing, too many or at another time, or with the
    ///   stream that is not whole; what opening a film throws.
    public static func check(
        _ path: String, frames: [SegmentFrame], timeBase: Rational, isPiece: Bool = false, streams: [JoinedStream] = []
    ) throws(MediaError) -> FilmVerification {
        let demuxer = try Demuxer(path: path, operation: operation, maximumPixels: .max)
        let index = try demuxer.filmIndex()
        let base = demuxer.streams[index].pointee.time_base.rational ?? .one
        let shift = frames.first.map { FilmOutput.shift(first: $0.pts, isPiece: isPiece) } ?? 0
        var found: [Int64] = []
        found.reserveCapacity(frames.count)
        var others = [Int: MediaTime?](minimumCapacity: demuxer.streams.count)
        try readAll(demuxer) { packet throws(MediaError) in
            let stream = Int(packet.pointee.stream_index)
            if stream == index {
                guard packet.pointee.pts != heirloom_nopts() else {
                    throw failure(path, "frame \(found.count) of it has no timestamp")
                }
                found.append(packet.pointee.pts)
            } else if let base = demuxer.streams[stream].pointee.time_base.rational {
                let ticks = packet.pointee.pts != heirloom_nopts() ? packet.pointee.pts : packet.pointee.dts
                let end = MediaTime(ticks + max(packet.pointee.duration, 0), base)
                others[stream] = others[stream].flatMap(\.self).map { max($0, end) } ?? end
            }
        }
        found.sort()  // packets come in the order of decoding
        var rounded = 0
        for (number, frame) in frames.enumerated() where number < found.count {
            let wanted = MediaTime(frame.pts - shift, timeBase)
            let held = MediaTime(found[number], base)
            if wanted == held { continue }
            guard wanted.rescaled(to: base) == held else {
                throw failure(path, "frame \(number) of it is shown at \(held) instead of \(wanted)")
            }
            rounded += 1
        }
        guard found.count == frames.count else {
            throw failure(path, "it holds \(found.count) frames instead of \(frames.count)")
        }
        try require(streams, demuxer, ends: others, path)
        return FilmVerification(frameCount: found.count, roundedTimestamps: rounded)
    }

    private static func readAll(
        _ demuxer: Demuxer, _ take: (UnsafeMutablePointer<AVPacket>) throws(MediaError) -> Void
    ) throws(MediaError) {
        while true {
            switch demuxer.read() {
            case .packet(let packet): try take(packet)
            case .end: return
            case .failure(let error):
                if error.code == heirloom_averror(EAGAIN) { continue }
                throw error.mediaError(
                    .unreadable, operation, path: demuxer.path, advice: "the disk may have failed: check it")
            }
        }
    }

    /// Containers may number streams anew (QuickTime puts covers behind the chapters), but keep those of a kind in order.
    private static func require(
        _ promised: [JoinedStream], _ demuxer: Demuxer, ends: [Int: MediaTime?], _ path: String
    ) throws(MediaError) {
        let kinds = demuxer.streams.map { group(StreamSummary.Kind($0)) }
        var met: [StreamSummary.Kind: Int] = [:]
        for stream in promised {
            let kind = group(stream.kind)
            let number = met[kind, default: 0]
            met[kind] = number + 1
            let what = "stream \(stream.index) (\(stream.kind.rawValue))"
            let places = kinds.indices.filter { kinds[$0] == kind }
            guard number < places.count else { throw failure(path, "\(what) is not in it") }
            guard kind == .audio || kind == .subtitle, stream.packetCount > 0 else { continue }
            guard let end = ends[places[number]].flatMap(\.self) else {
                throw failure(path, "\(what) has no content")
            }
            if let last = stream.last, end + MediaTime(1, Rational(1, 1000)) < last {
                throw failure(path, "\(what) ends at \(end) and should go on behind \(last)")
            }
        }
    }

    /// A cover is an attached file to Matroska's muxer and a picture to its demuxer.
    private static func group(_ kind: StreamSummary.Kind) -> StreamSummary.Kind {
        kind == .attachment ? .cover : kind
    }

    private static func failure(_ path: String, _ reason: String) -> MediaError {
        MediaError(
            .corrupt, operation, path: path, reason: reason,
            advice: "run the same command again, which joins it anew; if it fails again, check the disk")
    }
}
