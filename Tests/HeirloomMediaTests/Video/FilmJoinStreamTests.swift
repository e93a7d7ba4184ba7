import Foundation
import HeirloomMedia
import Testing

@Suite("The other streams of joined films")
struct FilmJoinStreamTests {
    let lab: FilmLab

    init() throws { lab = try FilmLab() }

    @Test("Matroska keeps two sounds, subtitles, chapters, attachment and cover, and two joins are the same bytes")
    func everything() throws {
        try lab.makeRich()
        let result = try lab.join("rich.mkv", "out.mkv", length: 40)
        #expect(result.notes.isEmpty, "\(result.notes)")
        for kind in ["a", "s"] {
            #expect(try lab.streamHashes("out.mkv", kind: kind) == lab.streamHashes("rich.mkv", kind: kind))
        }
        let source = try MediaSummary(path: lab.path("rich.mkv"))
        let output = try MediaSummary(path: lab.path("out.mkv"))
        #expect(output.streams.map(\.kind) == [.video, .audio, .audio, .subtitle, .attachment, .cover])
        #expect(output.streams.map(\.dispositions) == source.streams.map(\.dispositions))
        #expect(output.streams.map(\.language) == source.streams.map(\.language))
        #expect(output.chapters == source.chapters)
        #expect(output.metadata["title"] == "A film")
        #expect(output.metadata["ODD_KEY"] == "odd value")
        _ = try lab.join("rich.mkv", "again.mkv", length: 40)
        #expect(try lab.bytes("again.mkv") == lab.bytes("out.mkv"))
        // So are two films that are written at once.
        for name in ["one.mkv", "two.mkv"] { _ = try lab.pass("rich.mkv", name) }
        #expect(try lab.bytes("one.mkv") == lab.bytes("two.mkv"))
    }

    @Test("MP4 and QuickTime keep what they hold, say what they do not, and are the same bytes twice")
    func mp4() throws {
        try lab.makeRich()
        for (ending, codec) in [("mp4", VideoCodec.h264), ("mov", .prores)] {
            let result = try lab.join("rich.mkv", "out.\(ending)", .init(codec: codec), length: 50)
            for (stream, kind) in [(2, "audio"), (3, "subtitle"), (4, "attachment")] {
                #expect(result.notes.contains { $0.hasPrefix("Stream \(stream) (\(kind)") }, "\(result.notes)")
            }
            let output = try MediaSummary(path: lab.path("out.\(ending)"))
            #expect(output.streams.map(\.kind).filter { $0 == .audio } == [.audio])
            #expect(output.chapters.count == 2)
            #expect(output.metadata["title"] == "A film")
            _ = try lab.join("rich.mkv", "again.\(ending)", .init(codec: codec), length: 50)
            #expect(try lab.bytes("again.\(ending)") == lab.bytes("out.\(ending)"))
        }
    }

    @Test(
        "a cleaned sound takes its track's place, and the old one is kept behind all others",
        arguments: [("in.mkv", "out.mkv"), ("in.mp4", "out.mp4")])
    func newSound(input: String, output: String) throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -f lavfi -i sine=440:r=48000:d=2"
                + " -f lavfi -i sine=880:r=44100:d=2 -map 0:v -map 1:a -map 2:a -c:v libx264 -c:a aac"
                + " -metadata:s:a:0 language=deu \(input)")
        try lab.ffmpeg("-f lavfi -i sine=1000:r=48000:d=2 -c:a pcm_s16le new.wav")
        let sound = NewSound(path: lab.path("new.wav"), track: 0)
        let encoding = VideoEncoding(codec: .h264)
        _ = try lab.join(input, output, encoding, sound: sound)
        let summary = try MediaSummary(path: lab.path(output))
        #expect(summary.streams.map(\.kind) == [.video, .audio, .audio, .audio])
        #expect(summary.streams[1].language == "deu")
        #expect(summary.streams[1].codec == (output == "out.mkv" ? "flac" : "aac"))
        #expect(summary.streams[3].dispositions.contains("default") == false)
        // The other sound and the original are the packets that they were; the new one is 1 kHz at the old one's place.
        func packets(_ name: String, _ track: Int) throws -> [Substring] {
            try lab.run(
                "ffmpeg", ["-v", "error", "-i", lab.path(name), "-map", "0:a:\(track)", "-c", "copy", "-f", "md5", "-"]
            ).split(separator: "\n")
        }
        #expect(try packets(output, 1) == packets(input, 1))
        #expect(try packets(output, 2) == packets(input, 0))
        let old = try AudioReader(contentsOf: URL(fileURLWithPath: lab.path(input)), track: 0)
        let new = try AudioReader(contentsOf: URL(fileURLWithPath: lab.path(output)), track: 0)
        #expect(abs(new.info.startTime - old.info.startTime) < 0.001)
        let samples = try SoundLab.readAll(new)[0]
        #expect(samples.count == 96_000)
        let rises = zip(samples[4800..<48_000], samples[4801...48_000]).count { $0 < 0 && $1 >= 0 }
        #expect(abs(rises - 900) <= 2)
        _ = try lab.join(input, "again" + output, encoding, sound: sound)
        #expect(try lab.bytes("again" + output) == lab.bytes(output))
    }
}
