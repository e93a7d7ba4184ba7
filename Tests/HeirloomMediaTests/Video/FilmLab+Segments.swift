import Foundation
import HeirloomMedia
import Testing

extension FilmLab {
    struct Joined {
        let reader: VideoReader
        let frames: [SegmentFrame]
        let notes: [String]
        let verification: FilmVerification
    }

    /// Reads a film, writes it in segments, joins them and verifies the result, as a film job does.
    func join(
        _ input: String, _ output: String, _ encoding: VideoEncoding = .init(codec: .ffv1), length: Int = 7,
        threads: Int = 1, options: VideoReaderOptions = .init(), sound: NewSound? = nil
    ) throws -> Joined {
        let folder = path("\(output).heirloom")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let reader = try VideoReader(path: path(input), options: options)
        let segments = try segments(reader, encoding, length: length, threads: threads, folder: folder)
        let ending = output.split(separator: ".").last ?? ""
        let place = folder + "/joined.\(ending)"
        // A job that is resumed has no reader that knows how much longer everything lasts.
        let source = StreamCopySource(
            path: path(input), videoStreamIndex: reader.copySource.videoStreamIndex, from: options.from,
            limit: options.limit)
        let assembler = try FilmAssembler(
            path: place, target: path(output), format: reader.format, encoding: encoding, copying: source, sound: sound)
        for segment in segments { try assembler.append(segment: segment.path) }
        let notes = try assembler.finish()
        let frames = segments.flatMap(\.summary.frames)
        let verification = try FilmVerification.check(
            place, frames: frames, timeBase: reader.format.timeBase,
            isPiece: options.from != nil || options.limit != nil, streams: assembler.streams)
        #expect(rename(place, path(output)) == 0)
        #expect(verification.frameCount == frames.count)
        #expect(assembler.streams.contains { $0.kind == .video && $0.packetCount == frames.count })
        return Joined(reader: reader, frames: frames, notes: notes, verification: verification)
    }

    /// Writes the rest of a film as segments of so many frames.
    func segments(
        _ reader: VideoReader, _ encoding: VideoEncoding, length: Int, threads: Int = 1, folder: String
    ) throws -> [(path: String, summary: SegmentSummary)] {
        var segments: [(path: String, summary: SegmentSummary)] = []
        var frame = try reader.next()
        while frame != nil {
            let path = folder + "/\(segments.count).segment"
            let writer = try SegmentWriter(path: path, format: reader.format, encoding: encoding, threads: threads)
            var count = 0
            while let given = frame, count < length {
                try writer.write(given)
                count += 1
                frame = try reader.next()
            }
            let summary = try writer.finish()
            #expect(summary.frames.count == count)
            #expect(summary.byteCount == (try bytes(path).count))
            segments.append((path, summary))
        }
        return segments
    }

    func bytes(_ path: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: path.hasPrefix("/") ? path : self.path(path)))
    }

    /// Writes "turned.mp4": "flat.mp4" with another display matrix in its track header.
    func setMatrix(_ matrix: (a: Int, b: Int, c: Int, d: Int)) throws {
        var data = try Data(contentsOf: URL(fileURLWithPath: path("flat.mp4")))
        let header = try #require(data.range(of: Data("tkhd".utf8)))
        // After the name: version and flags 4, times 8, track 4, reserved 4, duration 4, reserved 8, layer … volume 8.
        var offset = header.upperBound + 40
        func put(_ value: Int32) {
            withUnsafeBytes(of: value.bigEndian) { data.replaceSubrange(offset..<offset + 4, with: $0) }
            offset += 4
        }
        for (first, second) in [(matrix.a, matrix.b), (matrix.c, matrix.d)] {
            put(Int32(first) << 16)
            put(Int32(second) << 16)
            put(0)
        }
        try data.write(to: URL(fileURLWithPath: path("turned.mp4")))
    }
}
