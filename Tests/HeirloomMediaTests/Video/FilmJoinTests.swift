import Foundation
import HeirloomMedia
import Testing

@Suite("Films in segments and joined")
struct FilmJoinTests {
    let lab: FilmLab

    init() throws { lab = try FilmLab() }

    @Test(
        "every sample and every timestamp passes FFV1 in segments, by format and colour",
        arguments: [
            ("yuv420p", "bt470bg", "tv"), ("yuv420p", "smpte170m", "pc"), ("yuv420p", "bt709", "tv"),
            ("yuv422p10le", "bt709", "pc"), ("yuv420p10le", "bt2020nc", "tv"), ("yuv420p10le", "bt2020nc", "pc"),
            ("yuv444p12le", "smpte170m", "tv"), ("yuv420p10le", "bt470bg", "pc"), ("gray", "bt709", "pc"),
        ])
    func lossless(format: String, matrix: String, range: String) throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.8 -vf scale=out_range=\(range),format=\(format)"
                + " -c:v ffv1 -colorspace \(matrix) -color_range \(range) in.mkv")
        let source = try #require(try MediaSummary(path: lab.path("in.mkv")).film?.picture)
        let result = try lab.join("in.mkv", "out.mkv")
        #expect(result.frames.count == 20)
        #expect(result.verification.roundedTimestamps == 0)
        #expect(
            try lab.checksums("out.mkv", filter: "format=\(format)")
                == lab.checksums("in.mkv", filter: "format=\(format)"))
        #expect(try lab.times("out.mkv") == lab.times("in.mkv"))
        let film = try #require(try MediaSummary(path: lab.path("out.mkv")).film?.picture)
        #expect(film.bitDepth == source.bitDepth)
        #expect(film.taggedColor.matrix == source.taggedColor.matrix)
        #expect(film.taggedColor.range == source.taggedColor.range)
        #expect((film.taggedColor.range == .full) == (range == "pc"))
    }

    @Test(
        "uneven, odd and shifted times pass exactly, with reordered frames",
        arguments: [
            (
                "variable", "-vf select=not(between(mod(n\\,9)\\,3\\,4)) -fps_mode passthrough -enc_time_base 1/90000",
                24
            ),
            ("film", "", 23), ("video", "", 29), ("late", "-output_ts_offset 0.54", 25),
            ("early", "-output_ts_offset -0.4", 25), ("far", "-output_ts_offset 90000", 25),
        ])
    func times(name: String, options: String, rate: Int) throws {
        let exact = [23: "24000/1001", 29: "30000/1001"][rate] ?? String(rate)
        let input = name == "early" ? "in.mkv" : "in.mov"
        let early = name == "early" ? " -avoid_negative_ts disabled" : ""
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=\(exact):duration=1.3 \(options)\(early) -c:v ffv1 \(input)")
        let source = try lab.times(input)
        let first = try #require(source.first).pts
        if name == "early" { #expect(first < .zero) }
        for (output, codec) in [
            ("out.mov", VideoCodec.ffv1), ("out.mp4", .h264), ("out5.mp4", .h265), ("outp.mov", .prores),
        ] {
            let result = try lab.join(input, output, .init(codec: codec))
            let times = try lab.times(output)
            // Where nothing is shown before zero, all streams are moved by as much.
            let shift = min(first, .zero)
            #expect(times.map(\.pts) == source.map { $0.pts - shift }, "\(output)")
            #expect(result.verification.roundedTimestamps == 0)
            #expect(result.notes.contains { $0.contains("before zero") } == (first < .zero), "\(result.notes)")
            // The tool decodes every frame that was put in.
            #expect(try lab.checksums(output).count == source.count, "\(output)")
        }
        let rounded = try lab.join(input, "out.mkv", .init(codec: .h264))
        let times = try lab.times("out.mkv")
        #expect(times.count == source.count)
        for (given, written) in zip(source, times) {
            #expect(abs((given.pts - min(first, .zero) - written.pts).seconds) <= 0.0005)
        }
        #expect(rounded.notes.contains { $0.contains("milliseconds") } == (rounded.verification.roundedTimestamps > 0))
    }

    @Test("timestamps that are missing are made up once, and pass")
    func missing() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -c:v libx264 -bf 0 in.h264")
        let result = try lab.join("in.h264", "out.mp4", .init(codec: .h264))
        let base = result.reader.format.timeBase
        #expect(result.frames.count == 25)
        #expect(try lab.times("out.mp4").map(\.pts) == result.frames.map { MediaTime($0.pts, base) })
    }

    @Test("turned and mirrored films are upright after the join", arguments: 0..<8)
    func orientation(number: Int) throws {
        let matrix = FilmGeometryTests.matrices[number]
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=48x32:rate=25:duration=0.4 -vf setsar=4/3 -c:v libx264 -pix_fmt yuv420p"
                + " flat.mp4")
        try lab.setMatrix(matrix)
        let (_, turned) = try lab.read("turned.mp4")
        let result = try lab.join("turned.mp4", "out.mov", length: 3)
        let (reader, frames) = try lab.read("out.mov")
        let isSame = frames.map { $0.planes.map(\.bytes) } == turned.map { $0.planes.map(\.bytes) }
        #expect(isSame)
        #expect(frames.map(\.pts) == turned.map(\.pts))
        #expect(reader.format.sampleAspectRatio == result.reader.format.sampleAspectRatio)
        let film = try #require(try MediaSummary(path: lab.path("out.mov")).film?.picture)
        #expect(film.orientation == "left as it is")
    }

    @Test("interlaced film comes out whole, with every timestamp")
    func interlaced() throws {
        try lab.ffmpeg(
            "-f lavfi -i mandelbrot=size=160x120:rate=50 -t 1.2 -vf tinterlace=mode=interleave_top -pix_fmt yuv420p"
                + " -flags +ilme+ildct -c:v mpeg2video -q:v 2 in.mpg")
        let (reader, frames) = try lab.read("in.mpg")
        #expect(reader.isDeinterlaced)
        _ = try lab.join("in.mpg", "out.mov")
        let (_, joined) = try lab.read("out.mov")
        let isSame = joined.map { $0.planes.map(\.bytes) } == frames.map { $0.planes.map(\.bytes) }
        #expect(isSame)
        #expect(joined.map(\.pts) == frames.map(\.pts))
    }

    @Test("what a joined film shows is what a film written at once shows", arguments: [VideoCodec.h264, .h265])
    func lossy(codec: VideoCodec) throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -vf setsar=16/11 -c:v ffv1 in.mkv")
        let encoding = VideoEncoding(codec: codec, quality: 1)
        _ = try lab.join("in.mkv", "joined.mp4", encoding, threads: 2)
        _ = try lab.pass("in.mkv", "whole.mp4", encoding)
        let (source, given) = try lab.read("in.mkv")
        for name in ["joined.mp4", "whole.mp4"] {
            let (reader, frames) = try lab.read(name)
            #expect(reader.format.sampleAspectRatio == source.format.sampleAspectRatio)
            #expect(frames.map(\.pts) == given.map(\.pts))
            for (before, after) in zip(given, frames) {
                let worst = zip(before.planes[0].bytes, after.planes[0].bytes).map { abs(Int($0) - Int($1)) }.max()
                #expect(worst ?? 9 <= 4)
            }
        }
        let entries = "stream=codec_tag_string,profile,level,has_b_frames,width,height,pix_fmt,avg_frame_rate,time_base"
        #expect(try lab.probe("joined.mp4", entries) == lab.probe("whole.mp4", entries))
    }

    @Test("a piece starts at zero")
    func piece() throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=3 -f lavfi -i sine=d=3 -c:v libx264 -c:a flac in.mkv")
        var options = VideoReaderOptions()
        options.from = MediaTime(seconds: 1)
        options.limit = MediaTime(seconds: 1.2)
        let result = try lab.join("in.mkv", "out.mkv", options: options)
        #expect(result.frames.count == 30)
        let times = try lab.times("out.mkv")
        #expect(times.first?.pts == .zero)
        #expect(times.last?.pts == MediaTime(1160, Rational(1, 1000)))
        #expect(try lab.streamHashes("out.mkv", kind: "a").isEmpty == false)
    }
}
