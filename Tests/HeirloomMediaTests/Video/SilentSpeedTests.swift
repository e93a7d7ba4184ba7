import Foundation
import HeirloomMedia
import Testing

@Suite("Silent films at the speed of their time")
struct SilentSpeedTests {
    let lab: FilmLab

    init() throws {
        lab = try FilmLab()
        try lab.writeTexts()
    }

    private func options(_ speed: Int32) -> VideoReaderOptions {
        var options = VideoReaderOptions()
        options.speed = Rational(speed, 1)
        return options
    }

    @Test(
        "ticks are kept, their length changes",
        arguments: [("24", 16), ("24000/1001", 18), ("30000/1001", 20), ("25", 25)])
    func ticks(rate: String, speed: Int32) throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=\(rate):duration=2 -c:v libx264 -bf 3 in.mp4")
        let (plain, before) = try lab.read("in.mp4")
        let (reader, frames) = try lab.read("in.mp4", options(speed))
        #expect(frames.map(\.pts.value) == before.map(\.pts.value))
        #expect(frames.map(\.duration.value) == before.map(\.duration.value))
        #expect(frames.allSatisfy { $0.pts.timeBase == reader.format.timeBase })
        #expect(reader.format.frameRate == Rational(speed, 1))
        #expect(reader.estimatedFrameCount == plain.estimatedFrameCount)
        let wanted = Double(frames.count) / Double(speed)
        #expect(abs((reader.duration ?? .zero).seconds - wanted) < 0.001)
        #expect(reader.notes.contains { $0.contains("\(speed) frames a second") })
        for (output, codec) in [("out.mov", VideoCodec.ffv1), ("out.mp4", .h264), ("out.mkv", .h264)] {
            _ = try lab.join("in.mp4", output, .init(codec: codec), options: options(speed))
            let times = try lab.times(output)
            if output != "out.mkv" { #expect(times.map(\.pts) == frames.map(\.pts)) }
            for (number, time) in times.enumerated() {
                #expect(abs(time.pts.seconds - Double(number) / Double(speed)) < 0.00051)
            }
            let film = try #require(try MediaSummary(path: lab.path(output)).film?.picture)
            #expect(abs((film.averageFrameRate ?? .one).doubleValue / Double(speed) - 1) < 0.001)
        }
        #expect(try lab.checksums("out.mov") == lab.checksums("in.mp4"))
    }

    @Test("subtitles and chapters follow")
    func others() throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=24:duration=6 -i words.srt -i chapters.txt -map 0 -map 1"
                + " -map_metadata 2 -map_chapters 2 -c:v libx264 -c:s srt in.mkv")
        _ = try lab.join("in.mkv", "joined.mkv", length: 50, options: options(16))
        _ = try lab.pass("in.mkv", "whole.mkv", options: options(16))
        for name in ["joined.mkv", "whole.mkv"] {
            let summary = try MediaSummary(path: lab.path(name))
            #expect(summary.chapters.map(\.start) == [.zero, MediaTime(3, .one)])
            #expect(summary.chapters.map(\.end) == [MediaTime(3, .one), MediaTime(9, .one)])
            let words = try lab.run(
                "ffprobe",
                [
                    "-v", "error", "-select_streams", "s", "-show_entries", "packet=pts_time,duration_time", "-of",
                    "csv=p=0", name,
                ])
            let times = words.split(separator: "\n").map { $0.split(separator: ",").compactMap { Double($0) } }
            #expect(times == [[0.75, 1.5], [3, 5.25]])
        }
    }

    @Test("a piece is chosen on the file's own clock")
    func piece() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=24:duration=4 -i words.srt -c:v libx264 -c:s srt in.mkv")
        var options = options(16)
        options.from = MediaTime(seconds: 1)
        options.limit = MediaTime(seconds: 2)
        let result = try lab.join("in.mkv", "out.mkv", length: 20, options: options)
        #expect(result.frames.count == 48)
        #expect(abs((result.reader.duration ?? .zero).seconds - 3) < 0.001)
        #expect(try lab.times("out.mkv").last?.pts.seconds == 47.0 / 16 - 0.0005)
    }

    @Test("a film with sound is refused")
    func sound() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=24:duration=1 -f lavfi -i sine=d=1 -c:v libx264 in.mp4")
        let error = try mediaError { _ = try VideoReader(path: lab.path("in.mp4"), options: options(16)) }
        #expect(error.code == .unsupported)
        #expect(error.reason.contains("sound track"))
    }
}
