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

    @Test("a stream without packets is left out, and said, where the container drops it", arguments: ["mp4", "mov"])
    func emptyStream(ending: String) throws {
        // The first sound is announced and has nothing in it; the second one is whole.
        try Data().write(to: URL(fileURLWithPath: lab.path("none.raw")))
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -f s16le -ar 48000 -ac 1 -i none.raw"
                + " -f lavfi -i sine=r=48000:d=1 -map 0 -map 1 -map 2 -c:v libx264 -c:a aac"
                + " -metadata:s:a:1 language=deu in.mkv")
        #expect(try MediaSummary(path: lab.path("in.mkv")).streams.map(\.kind) == [.video, .audio, .audio])
        let result = try lab.join("in.mkv", "out.\(ending)", .init(codec: .h264))
        let notes = result.notes.filter { $0.hasPrefix("Stream ") }
        #expect(notes.count == 1 && notes[0].hasPrefix("Stream 1 (audio"), "\(result.notes)")
        #expect(notes[0].contains("is left out: nothing of it could be copied"))
        let output = try MediaSummary(path: lab.path("out.\(ending)"))
        #expect(output.streams.map(\.kind) == [.video, .audio])
        // QuickTime has languages of its own.
        #expect(ending == "mov" || output.streams[1].language == "deu")
        // Matroska keeps it, empty as it is.
        _ = try lab.join("in.mkv", "out.mkv")
        #expect(try MediaSummary(path: lab.path("out.mkv")).streams.count == 3)
    }

    @Test(
        "a packet of sound that the container cannot hold is left out and said; the others are there",
        arguments: [
            "mp4", "mkv",
        ])
    func brokenPacket(ending: String) throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -f lavfi -i sine=d=1 -c:v libx264 -c:a aac in.ts")
        var bytes = try lab.bytes("in.ts")
        // The headers of AAC's frames, in the packets of the sound.
        let headers = stride(from: 0, to: bytes.count, by: 188)
            .filter { (bytes[$0 + 1] & 31, bytes[$0 + 2]) == (1, 1) }
            .compactMap { bytes.range(of: Data([0xFF, 0xF1]), in: $0 + 4..<$0 + 188)?.lowerBound }
        try #require(headers.count > 10)
        bytes[headers[10]] = 0
        try bytes.write(to: URL(fileURLWithPath: lab.path("in.ts")))
        let result = try lab.join("in.ts", "out.\(ending)", .init(codec: .h264))
        #expect(
            result.notes.contains { $0.hasPrefix("Stream 1 (audio): 1 packet is damaged") }, "\(result.notes)")
        let packets = try lab.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "a", "-count_packets", "-show_entries", "stream=nb_read_packets",
                "-of",
                "csv=p=0", lab.path("out.\(ending)"),
            ])
        #expect(try #require(Int(packets.filter(\.isNumber))) > 30)
    }

    @Test("repeated times of a sound are moved by a tick where the container wants them to grow")
    func repeatedTimes() throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -f lavfi -i sine=d=1 -c:v libx264 -c:a aac"
                + " -bsf:a setts=pts=floor(PTS/100)*100:dts=floor(DTS/100)*100 in.mkv")
        let result = try lab.join("in.mkv", "out.mp4", .init(codec: .h264))
        #expect(
            result.notes.contains { $0.hasPrefix("Stream 1 (audio)") && $0.contains("repeated") }, "\(result.notes)")
        #expect(try lab.streamHashes("out.mp4", kind: "a") == lab.streamHashes("in.mkv", kind: "a"))
        // Matroska takes them as they are.
        #expect(try lab.join("in.mkv", "out.mkv").notes.allSatisfy { !$0.contains("repeated") })
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
