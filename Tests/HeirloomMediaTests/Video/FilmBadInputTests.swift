import Foundation
import HeirloomMedia
import Testing

@Suite("Films that are none, and damaged ones")
struct FilmBadInputTests {
    let lab: FilmLab

    init() throws { lab = try FilmLab() }

    private func refusal(_ name: String, _ options: VideoReaderOptions = .init()) throws -> MediaError {
        try mediaError { _ = try VideoReader(path: lab.path(name), options: options) }
    }

    private func write(_ name: String, _ bytes: Data) throws {
        try bytes.write(to: URL(fileURLWithPath: lab.path(name)))
    }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: lab.path(name))) }

    @Test("each kind of wrong file has its own sentence")
    func wrongFiles() throws {
        #expect(try refusal("missing.mp4").code == .notFound)
        try write("empty.mp4", Data())
        #expect(try refusal("empty.mp4").code == .empty)
        try FileManager.default.createDirectory(atPath: lab.path("folder.mp4"), withIntermediateDirectories: false)
        #expect(try refusal("folder.mp4").code == .isDirectory)
        try write("text.mp4", Data(String(repeating: "This is no film, though its name says so.\n", count: 99).utf8))
        #expect(try refusal("text.mp4").code == .noVideo)
        try write("text.txt", Data(String(repeating: "A poem.\n", count: 99).utf8))
        #expect(try refusal("text.txt").code == .noVideo)
        try write("noise.mkv", Data((0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }))
        #expect(try [MediaError.Code.corrupt, .noVideo].contains(refusal("noise.mkv").code))
        try write("list.m3u8", Data("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://localhost/a.ts\n".utf8))
        #expect(try refusal("list.m3u8").reason.contains("list of other files"))
        #expect(try refusal("missing.mp4").description.contains("there is no such file"))
        #expect(try mediaError { _ = try VideoReader(path: "/dev/null") }.code == .unsupported)
    }

    @Test("sound, covers and stills are no films")
    func noFilms() throws {
        try lab.ffmpeg("-f lavfi -i sine=d=1 sound.wav")
        let sound = try refusal("sound.wav")
        #expect(sound.code == .noVideo)
        #expect(sound.reason.contains("sound but no picture"))
        try lab.ffmpeg("-f lavfi -i color=red:s=64x64 -frames:v 1 cover.png")
        try lab.ffmpeg("-i sound.wav -i cover.png -map 0 -map 1 -c:v copy -disposition:v attached_pic song.mp3")
        #expect(try refusal("song.mp3").reason.contains("cover"))
        let still = try refusal("cover.png")
        #expect(still.code == .noVideo)
        #expect(still.reason.contains("still"))
        #expect(try mediaError { _ = try MediaSummary(path: lab.path("cover.png")) }.code == .noVideo)
        #expect(try MediaSummary(path: lab.path("song.mp3")).film == nil)
    }

    @Test("a film without a frame is refused")
    func noFrames() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x64:rate=25:duration=1 -c:v libx264 -frames:v 0 none.mkv")
        #expect(try [MediaError.Code.corrupt, .noVideo].contains(refusal("none.mkv").code))
    }

    @Test("a decompression bomb is refused by its header")
    func bomb() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x64:rate=25:duration=0.2 -c:v libx264 in.mp4")
        var data = try bytes("in.mp4")
        let table = try #require(data.range(of: Data("stsd".utf8)))
        let entry = try #require(data.range(of: Data("avc1".utf8), in: table.upperBound..<data.count))
        // Behind the name: 24 bytes, then width and height in 16 bits each.
        data.replaceSubrange(entry.upperBound + 24..<entry.upperBound + 28, with: [0xFF, 0xFF, 0xFF, 0xFF])
        try write("bomb.mp4", data)
        let error = try refusal("bomb.mp4")
        #expect(error.code == .tooLarge)
        #expect(error.reason.contains("65535×65535"))
        var options = VideoReaderOptions()
        options.maximumPixels = 64 * 64 - 1
        #expect(try refusal("in.mp4", options).code == .tooLarge)
        options.maximumPixels = 64 * 64
        #expect(try lab.read("in.mp4", options).1.count == 5)
    }

    @Test("high dynamic range is refused unless asked for", arguments: ["smpte2084", "arib-std-b67"])
    func highDynamicRange(transfer: String) throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x64:rate=25:duration=0.2 -pix_fmt yuv420p10le -c:v libx265 -x265-params"
                + " log-level=none -color_primaries bt2020 -color_trc \(transfer) -colorspace bt2020nc in.mkv")
        let error = try refusal("in.mkv")
        #expect(error.code == .unsupported)
        #expect(error.reason.contains(transfer == "smpte2084" ? "PQ" : "HLG"))
        var options = VideoReaderOptions()
        options.allowsHighDynamicRange = true
        let (reader, frames) = try lab.read("in.mkv", options)
        #expect(frames.count == 5)
        #expect(reader.format.color.isHighDynamicRange)
    }

    @Test("a film that was cut off: without its index it is refused, else read and reported")
    func truncated() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=128x96:rate=25:duration=8 -c:v libx264 in.mp4")
        try write("cut.mp4", try bytes("in.mp4").prefix(40_000))
        let error = try refusal("cut.mp4")
        #expect(error.code == .corrupt)
        #expect(error.reason.contains("cut off"))
        try lab.ffmpeg("-i in.mp4 -c copy in.mkv")
        let whole = try bytes("in.mkv")
        try write("cut.mkv", whole.prefix(whole.count / 2))
        let (reader, frames) = try lab.read("cut.mkv")
        #expect(frames.count > 20 && frames.count < 180)
        #expect(reader.damage.endsEarly != nil)
        #expect(reader.damage.sentences.contains { $0.contains("ends early") })
    }

    @Test("damage in the middle: all else is done, the damaged frames are counted, timestamps hold")
    func damaged() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=128x96:rate=25:duration=4 -c:v libx264 -g 25 -pix_fmt yuv420p in.mp4")
        let clean = try lab.read("in.mp4").1
        var data = try bytes("in.mp4")
        let start = try #require(data.range(of: Data("mdat".utf8))).upperBound
        let middle = start + (data.count - start) / 2
        for offset in 0..<400 { data[middle + offset] = UInt8(truncatingIfNeeded: offset &* 167 &+ 13) }
        try write("hurt.mp4", data)
        let (reader, frames) = try lab.read("hurt.mp4")
        #expect(reader.damage.corruptFrames + reader.damage.undecodablePackets > 0)
        #expect(!reader.damage.timestamps.isEmpty)
        let byTime = Dictionary(uniqueKeysWithValues: clean.map { ($0.pts, $0) })
        var equal = 0
        for frame in frames {
            let source = try #require(byTime[frame.pts], "\(frame.pts) is no timestamp of the film")
            if source.planes[0].bytes == frame.planes[0].bytes { equal += 1 }
        }
        #expect(equal >= 70, "\(equal) of \(clean.count) frames are whole")
        let result = try lab.pass("hurt.mp4", "out.mp4", .init(codec: .h264))
        #expect(result.count == frames.count)
    }

    @Test("FFV1 tells of a damaged slice, whichever thread decodes it")
    func damagedLossless() throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=320x240:rate=25:duration=1 -c:v ffv1 -level 3 -g 1 -slices 4 -slicecrc 1"
                + " in.mkv")
        var data = try bytes("in.mkv")
        let middle = data.count / 2
        for offset in 0..<8 { data[middle + offset] ^= 0x55 }
        try write("hurt.mkv", data)
        for _ in 0..<3 {
            let (reader, frames) = try lab.read("hurt.mkv")
            #expect(frames.count == 25)
            #expect(frames.filter(\.isCorrupt).count == 1)
            #expect(reader.damage.corruptFrames == 1)
            #expect(reader.damage.timestamps == frames.filter(\.isCorrupt).map(\.pts))
        }
    }

    @Test("two recordings joined end to end: timestamps go on")
    func joined() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=128x96:rate=25:duration=2 -c:v mpeg2video in.mpg")
        let part = try bytes("in.mpg")
        try write("joined.mpg", part + part)
        let (reader, frames) = try lab.read("joined.mpg")
        #expect(frames.count == 100)
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $1.pts - $0.pts == MediaTime(1, Rational(1, 25)) })
        #expect(reader.damage.repairedTimestamps == 1)
    }

    @Test("a picture that changes its size within the film is refused")
    func sizeChange() throws {
        try lab.ffmpeg("-f lavfi -i testsrc2=size=128x96:rate=25:duration=2 -c:v mpeg2video a.mpg")
        try lab.ffmpeg("-f lavfi -i testsrc2=size=64x48:rate=25:duration=2 -c:v mpeg2video b.mpg")
        try write("both.mpg", try bytes("a.mpg") + bytes("b.mpg"))
        let error = try mediaError { _ = try lab.read("both.mpg") }
        #expect(error.code == .unsupported)
        #expect(error.reason.contains("128×96 to 64×48"))
    }

    @Test(
        "pixel formats of all kinds become planar YUV with luma untouched",
        arguments: [
            ("yuv411p", "ffv1", "yuv422p"), ("yuv440p", "ffv1", "yuv444p"), ("yuva420p", "ffv1", "yuv420p"),
            ("yuv410p", "ffv1", "yuv420p"), ("yuyv422", "rawvideo", "yuv422p"), ("nv12", "rawvideo", "yuv420p"),
            ("yuv420p10be", "rawvideo", "yuv420p10le"), ("ya8", "ffv1", "gray"),
        ])
    func formats(source: String, codec: String, expected: String) throws {
        try lab.ffmpeg("-f lavfi -i mandelbrot=size=128x96:rate=25 -t 0.12 -pix_fmt \(source) -c:v \(codec) in.nut")
        let (reader, frames) = try lab.read("in.nut")
        #expect(reader.format.pixelFormat.description == expected)
        #expect(frames.count == 3)
        // The tool converts between layouts of the same depth without touching luma.
        try lab.ffmpeg("-i in.nut -pix_fmt \(expected) -c:v ffv1 reference.mkv")
        let reference = try lab.read("reference.mkv").1
        let isSame = frames.map { $0.planes[0].bytes } == reference.map { $0.planes[0].bytes }
        #expect(isSame)
    }

    @Test(
        "RGB becomes YUV by the stated matrix",
        arguments: [("rgb24", "rawvideo"), ("bgr0", "ffv1"), ("gbrp", "ffv1"), ("pal8", "gif")])
    func rgb(source: String, codec: String) throws {
        let name = codec == "gif" ? "in.gif" : "in.nut"
        let given = codec == "gif" ? "rgb24" : source
        try lab.ffmpeg(
            "-f lavfi -i color=c=0xFF0000:size=64x64:rate=25:duration=0.12 -vf format=\(given) -c:v \(codec) \(name)")
        let (reader, frames) = try lab.read(name)
        #expect(reader.format.pixelFormat == PixelFormat(.s444))
        #expect(reader.format.color.matrix == .bt601Lines525)
        #expect(reader.format.color.range == .limited)
        // Red in BT.601, limited range, by the definition: Y = 16 + 219 · 0.299, …
        for (plane, value) in [81, 90, 240].enumerated() {
            let sample = Int(frames[0].planes[plane].bytes[32 * 64 + 32])
            #expect(abs(sample - value) <= 1, "plane \(plane): \(sample)")
        }
    }
}
