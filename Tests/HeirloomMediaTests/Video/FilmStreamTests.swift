import Foundation
import HeirloomMedia
import Testing

@Suite("Sound, subtitles and all that is copied")
struct FilmStreamTests {
    let lab: FilmLab

    init() throws {
        lab = try FilmLab()
        try lab.writeTexts()
    }

    @Test("Matroska keeps everything")
    func everything() throws {
        try lab.makeRich()
        let result = try lab.pass("rich.mkv", "out.mkv")
        #expect(result.notes.isEmpty, "\(result.notes)")
        #expect(try lab.streamHashes("out.mkv", kind: "a") == lab.streamHashes("rich.mkv", kind: "a"))
        #expect(try lab.streamHashes("out.mkv", kind: "s") == lab.streamHashes("rich.mkv", kind: "s"))
        let source = try MediaSummary(path: lab.path("rich.mkv"))
        let output = try MediaSummary(path: lab.path("out.mkv"))
        #expect(output.streams.map(\.kind) == source.streams.map(\.kind))
        #expect(output.streams.map(\.kind) == [.video, .audio, .audio, .subtitle, .attachment, .cover])
        #expect(output.streams.map(\.dispositions) == source.streams.map(\.dispositions))
        #expect(output.streams[2].title == "Kommentar")
        #expect(output.streams[1].language == "fra")
        #expect(output.chapters == source.chapters)
        #expect(output.chapters.map(\.title) == ["One", "Two"])
        #expect(output.metadata["title"] == "A film")
        #expect(output.metadata["ODD_KEY"] == "odd value")
        for file in ["rich.mkv", "out.mkv"] {
            // The attached files themselves.
            _ = try lab.run(
                "ffmpeg",
                ["-v", "error", "-y", "-dump_attachment:4", "\(file).srt", "-i", file, "-t", "0", "-f", "null", "-"])
        }
        #expect(
            FileManager.default.contentsEqual(atPath: lab.path("rich.mkv.srt"), andPath: lab.path("out.mkv.srt")))
        // Times of sound and subtitles, not only their bytes.
        let entries = "packet=stream_index,pts,duration"
        let times = try ["rich.mkv", "out.mkv"].map { name in
            try lab.run(
                "ffprobe", ["-v", "error", "-select_streams", "s", "-show_entries", entries, "-of", "csv", name])
        }
        #expect(times[0] == times[1])
    }

    @Test("what MP4 cannot hold is said, one sentence each")
    func refusals() throws {
        try lab.makeRich()
        let result = try lab.pass("rich.mkv", "out.mp4", .init(codec: .h264))
        let output = try MediaSummary(path: lab.path("out.mp4"))
        #expect(output.streams.contains { $0.kind == .cover })
        #expect(output.chapters.count == 2)
        for (stream, kind) in [(3, "subtitle"), (4, "attachment")] {
            #expect(result.notes.contains { $0.hasPrefix("Stream \(stream) (\(kind)") }, "\(result.notes)")
        }
        #expect(result.notes.contains { $0.contains("'ODD_KEY'") })
        #expect(result.notes.allSatisfy { $0.hasSuffix(".") })
    }

    @Test("MP4 to MP4 keeps sound packets and their times, chapters and cover")
    func mp4() throws {
        try lab.ffmpeg("-f lavfi -i color=red:s=64x64 -frames:v 1 cover.jpg")
        try lab.ffmpeg(
            "-f lavfi -i mandelbrot=size=128x96:rate=30000/1001 -f lavfi -i sine=d=3 -i words.srt -i chapters.txt -i cover.jpg"
                + " -t 3 -map 0 -map 1 -map 2 -map 4 -map_metadata 3 -map_chapters 3 -c:v:0 libx264 -pix_fmt:v:0 yuv420p"
                + " -c:a aac -c:s mov_text -c:v:1 copy -disposition:v:1 attached_pic -timecode 01:00:00:00 in.mp4")
        let result = try lab.pass("in.mp4", "out.mp4", .init(codec: .h264))
        #expect(result.notes.isEmpty, "\(result.notes)")
        let arguments = ["-v", "error", "-map", "0:a", "-c", "copy", "-f", "framemd5", "-"]
        let sounds = try ["in.mp4", "out.mp4"].map { try lab.run("ffmpeg", ["-i", $0] + arguments) }
        #expect(sounds[0] == sounds[1])
        #expect(try lab.streamHashes("out.mp4", kind: "s") == lab.streamHashes("in.mp4", kind: "s"))
        let output = try MediaSummary(path: lab.path("out.mp4"))
        #expect(output.streams.contains { $0.kind == .cover })
        #expect(output.film?.metadata["timecode"] == "01:00:00:00")
        #expect(output.chapters.map(\.title) == ["One", "Two"])
    }

    @Test("sound that starts below zero does not move the film")
    func priming() throws {
        // AAC in MP4 begins with a packet before zero that only fills the decoder.
        try lab.ffmpeg(
            "-f lavfi -i mandelbrot=size=128x96:rate=25 -f lavfi -i sine=d=2 -t 2 -c:v libx264 -pix_fmt yuv420p -c:a aac in.mp4"
        )
        _ = try lab.pass("in.mp4", "out.mkv")
        #expect(try lab.times("out.mkv").map(\.pts) == lab.times("in.mp4").map(\.pts))
        #expect(try lab.streamHashes("out.mkv", kind: "a") == lab.streamHashes("in.mp4", kind: "a"))
    }

    @Test("a trial piece starts at zero, with its sound, subtitles and chapters")
    func piece() throws {
        try lab.makeRich()
        var options = VideoReaderOptions()
        options.from = MediaTime(seconds: 1.3)
        options.limit = MediaTime(seconds: 2.5)
        let (reader, frames) = try lab.read("rich.mkv", options)
        let all = try lab.read("rich.mkv").1
        let expected = all.filter { $0.pts.seconds >= 1.3 && $0.pts.seconds < 3.8 }
        let first = try #require(expected.first).pts
        #expect(frames.map(\.pts) == expected.map(\.pts))
        #expect(frames.map(\.duration) == expected.map(\.duration))
        #expect(abs((reader.estimatedFrameCount ?? 0) - expected.count) <= 1)
        let isSame = frames.map { $0.planes[0].bytes } == expected.map { $0.planes[0].bytes }
        #expect(isSame)

        let result = try lab.pass("rich.mkv", "out.mkv", options: options)
        #expect(result.count == expected.count)
        let output = try MediaSummary(path: lab.path("out.mkv"))
        #expect(try lab.times("out.mkv").map(\.pts) == expected.map { $0.pts - first })
        let second = MediaTime(seconds: 2) - first
        #expect(output.chapters.map(\.start) == [.zero, second])
        let words = try lab.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "s", "-show_entries", "packet=pts_time,duration_time", "-of",
                "csv=p=0", "out.mkv",
            ])
        let source = try lab.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "s", "-show_entries", "packet=pts_time,duration_time", "-of",
                "csv=p=0", "rich.mkv",
            ])
        let starts = source.split(separator: "\n").compactMap { Double($0.prefix { $0 != "," }) }
        let cut = words.split(separator: "\n").map { $0.split(separator: ",").compactMap { Double($0) } }
        #expect(cut.count == 2)
        #expect(cut[0][0] == 0)  // began before the piece
        #expect(abs(cut[0][1] - (starts[0] + 1 - first.seconds)) < 0.0015)
        #expect(abs(cut[1][0] - (starts[1] - first.seconds)) < 0.0015)
        #expect(abs(cut[1][0] + cut[1][1] - (3.8 - first.seconds)) < 0.0015)  // ends with the piece
    }

    @Test("a piece of a film without an index is found by decoding", arguments: ["in.mpg", "in.ts", "in.h264"])
    func pieceWithoutIndex(name: String) throws {
        let codec = name == "in.mpg" ? "mpeg2video" : "libx264"
        try lab.ffmpeg("-f lavfi -i mandelbrot=size=128x96:rate=25 -t 4 -c:v \(codec) -g 50 -pix_fmt yuv420p \(name)")
        let all = try lab.read(name).1
        var options = VideoReaderOptions()
        options.from = MediaTime(seconds: 2.2)
        options.limit = MediaTime(seconds: 0.4)
        let (reader, frames) = try lab.read(name, options)
        let isSame = frames.map { $0.planes[0].bytes } == all[55..<65].map { $0.planes[0].bytes }
        #expect(isSame)
        // A bare H.264 stream has no timestamps; they are made up and counted, nothing else is wrong.
        #expect(reader.damage.corruptFrames + reader.damage.undecodablePackets == 0, "\(reader.damage.sentences)")
    }

    @Test("a piece behind the end is refused")
    func pieceBehindEnd() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x64:rate=25:duration=1 -c:v ffv1 in.mkv")
        var options = VideoReaderOptions()
        options.from = MediaTime(seconds: 5)
        let error = try mediaError { _ = try VideoReader(path: lab.path("in.mkv"), options: options) }
        #expect(error.code == .outOfRange)
    }

    @Test("a summary tells what ffprobe tells")
    func summary() throws {
        try lab.makeRich()
        let summary = try MediaSummary(path: lab.path("rich.mkv"))
        let film = try #require(summary.film?.picture)
        #expect(film.width == 128 && film.height == 96)
        #expect(film.averageFrameRate == Rational(25, 1))
        #expect(film.displayAspectRatio == Rational(4, 3))
        #expect(film.bitDepth == 8)
        #expect(film.colorNote != nil)
        #expect(!film.isVariableFrameRate)
        #expect(summary.streams[1].sound?.sampleRate == 44100)
        #expect(summary.streams[1].sound?.channelLayout == "mono")
        #expect(summary.streams[1].codec == "aac")
        #expect(abs((summary.duration ?? .zero).seconds - 6) < 0.1)
        let decoded = try JSONDecoder().decode(MediaSummary.self, from: JSONEncoder().encode(summary))
        #expect(decoded == summary)
    }
}
