import Foundation
import HeirloomMedia
import Testing

@Suite("Segments of films")
struct SegmentTests {
    let lab: FilmLab

    init() throws {
        lab = try FilmLab()
        for name in ["a", "b"] {
            try FileManager.default.createDirectory(atPath: lab.path(name), withIntermediateDirectories: true)
        }
    }

    private func film(_ seconds: Double = 1) throws -> VideoReader {
        if !FileManager.default.fileExists(atPath: lab.path("in.mkv")) {
            try lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=\(seconds) -c:v ffv1 in.mkv")
        }
        return try VideoReader(path: lab.path("in.mkv"))
    }

    @Test(
        "a segment's bytes do not change from run to run, nor with what was written before",
        arguments: VideoCodec.allCases)
    func reproducible(codec: VideoCodec) throws {
        let threads = 3
        let first = try lab.segments(
            try film(), .init(codec: codec), length: 9, threads: threads, folder: lab.path("a"))
        // The last segment by itself: as a job that is resumed, or a machine that does a share, makes it.
        let reader = try film()
        for _ in 0..<18 { _ = try reader.next() }
        let alone = try lab.segments(reader, .init(codec: codec), length: 9, threads: threads, folder: lab.path("b"))
        #expect(first.count == 3)
        #expect(alone.count == 1)
        #expect(try lab.bytes(alone[0].path) == lab.bytes(first[2].path))
        #expect(alone[0].summary == first[2].summary)
        #expect(first.flatMap(\.summary.frames).map(\.pts) == (0..<25).map { $0 * 40 })
        #expect(first.flatMap(\.summary.frames).allSatisfy { $0.duration == 40 })
    }

    @Test("a segment that is dropped unfinished leaves nothing")
    func dropped() throws {
        let reader = try film()
        do {
            let writer = try SegmentWriter(
                path: lab.path("a/0.segment"), format: reader.format, encoding: .init(), threads: 1)
            try writer.write(try #require(try reader.next()))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.path("a")).isEmpty)
        let nowhere = try mediaError {
            _ = try SegmentWriter(
                path: lab.path("c/0.segment"), format: reader.format, encoding: .init(), threads: 1)
        }
        #expect(nowhere.code == .notWritable)
    }

    @Test("segments that are cut off, damaged, foreign or out of order are refused by name, and nothing is left")
    func refusals() throws {
        let reader = try film()
        let segments = try lab.segments(reader, .init(), length: 9, folder: lab.path("a"))
        func refusal(_ paths: [String], _ format: VideoFormat? = nil) throws -> MediaError {
            let error = try mediaError {
                let assembler = try FilmAssembler(
                    path: lab.path("b/joined.mp4"), target: lab.path("out.mp4"), format: format ?? reader.format,
                    encoding: .init(), copying: nil)
                for path in paths { try assembler.append(segment: path) }
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: lab.path("b")).isEmpty)
            #expect(error.description.contains(paths.last ?? ""), "\(error)")
            return error
        }
        let whole = try lab.bytes(segments[1].path)
        let bad = lab.path("a/bad.segment")
        for length in [0, 5, 18, 40, 700, whole.count / 2, whole.count - 1] {
            try whole.prefix(length).write(to: URL(fileURLWithPath: bad))
            #expect([.corrupt, .empty].contains(try refusal([segments[0].path, bad]).code), "\(length)")
        }
        try (whole + Data([1])).write(to: URL(fileURLWithPath: bad))
        #expect(try refusal([segments[0].path, bad]).code == .corrupt)
        #expect(try refusal([segments[1].path, segments[0].path]).reason.contains("do not go on"))
        #expect(try refusal([segments[0].path, segments[0].path]).reason.contains("do not go on"))
        #expect(try refusal([lab.path("in.mkv")]).code == .corrupt)
        #expect(try refusal([lab.path("a/none.segment")]).code == .notFound)
        var other = reader.format
        other.sampleAspectRatio = Rational(4, 3)
        #expect(try refusal([segments[0].path], other).code == .corrupt)
        let slow = try lab.segments(try film(), .init(preset: "slow"), length: 30, folder: lab.path("a"))
        #expect(try refusal([segments[1].path, slow[0].path]).reason.contains("set up differently"))
    }

    @Test("any byte of a segment may be wrong: it is joined or refused, never a trap")
    func fuzzed() throws {
        let reader = try film()
        let segment = try lab.segments(reader, .init(codec: .ffv1), length: 5, folder: lab.path("a"))[0].path
        let whole = try lab.bytes(segment)
        var dice = SystemRandomNumberGenerator()
        for _ in 0..<60 {
            var damaged = whole
            let place = Int.random(in: 0..<whole.count, using: &dice)
            damaged[place] = UInt8.random(in: 0...255, using: &dice)
            try damaged.write(to: URL(fileURLWithPath: segment))
            let assembler = try FilmAssembler(
                path: lab.path("b/joined.mkv"), target: lab.path("out.mkv"), format: reader.format,
                encoding: .init(codec: .ffv1), copying: nil)
            do {
                try assembler.append(segment: segment)
                _ = try assembler.finish()
            } catch {
                #expect(error.description.hasSuffix("."), "byte \(place) is \(damaged[place]): \(error)")
            }
        }
    }

    @Test("a full disk has its own code for segments and joins, and leaves nothing", .enabled(if: FullDisk.isPossible))
    func fullDisk() throws {
        try lab.ffmpeg(
            "-f lavfi -i nullsrc=size=256x192:rate=25:duration=1 -vf geq=random(1)*255:128:128 -pix_fmt yuv420p"
                + " -c:v ffv1 in.mkv")
        let disk = try FullDisk(mountPoint: lab.path("small"))
        defer { disk.unmount() }
        let error = try mediaError {
            _ = try lab.segments(try film(), .init(codec: .ffv1), length: 100, folder: lab.path("small"))
        }
        #expect(error.code == .diskFull)
        #expect(try FileManager.default.contentsOfDirectory(atPath: lab.path("small")).isEmpty)
        let reader = try film()
        let segments = try lab.segments(reader, .init(codec: .ffv1), length: 5, folder: lab.path("a"))
        for ending in ["mkv", "mov"] {
            let error = try mediaError {
                let assembler = try FilmAssembler(
                    path: lab.path("small/joined.\(ending)"), target: lab.path("out.\(ending)"), format: reader.format,
                    encoding: .init(codec: .ffv1), copying: reader.copySource)
                for segment in segments { try assembler.append(segment: segment.path) }
                _ = try assembler.finish()
            }
            #expect(error.code == .diskFull)
            #expect(error.path == lab.path("out.\(ending)"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: lab.path("small")).isEmpty)
        }
    }

    @Test("closed captions survive the join")
    func captions() throws {
        let format = VideoFormat(
            width: 64, height: 64, pixelFormat: .yuv420p8, color: ColorInfo().resolved(height: 64).color,
            timeBase: Rational(1, 25), frameRate: Rational(25, 1))
        let captions: [UInt8] = [0xFC, 0x94, 0x20, 0xFD, 0x80, 0x80]
        let assembler = try FilmAssembler(
            path: lab.path("cc.mp4"), target: lab.path("cc.mp4"), format: format, encoding: .init(), copying: nil)
        for segment in 0..<3 {
            let path = lab.path("a/\(segment).segment")
            let writer = try SegmentWriter(path: path, format: format, encoding: .init(), threads: 1)
            for index in segment * 4..<segment * 4 + 4 {
                let planes = [(64, 64), (32, 32), (32, 32)].map {
                    VideoFrame.Plane(
                        width: $0.0, height: $0.1, bytesPerRow: $0.0, bytes: [UInt8](repeating: 99, count: $0.0 * $0.1))
                }
                try writer.write(
                    VideoFrame(
                        width: 64, height: 64, pixelFormat: .yuv420p8, color: format.color, planes: planes,
                        pts: MediaTime(Int64(index), format.timeBase), duration: MediaTime(1, format.timeBase),
                        closedCaptions: captions))
            }
            _ = try writer.finish()
            try assembler.append(segment: path)
        }
        #expect(try assembler.finish().isEmpty)
        let (_, frames) = try lab.read("cc.mp4")
        #expect(frames.count == 12)
        #expect(frames.allSatisfy { $0.closedCaptions == captions })
    }
}
