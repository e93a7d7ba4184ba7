import Foundation
import HeirloomMedia
import Testing

@Suite("Films whose size changes")
struct FilmResizeTests {
    let lab: FilmLab

    init() throws { lab = try FilmLab() }

    /// A film and the size that it gets.
    struct Case: Sendable, CustomTestStringConvertible {
        let source: String
        let width: Int
        let height: Int
        let output: String
        let codec: VideoCodec
        var testDescription: String { "\(source) → \(width)×\(height) \(output)" }
    }

    private static let wide = "size=48x36:rate=25:duration=0.4"
    private static let cases = [
        Case(source: "\(wide) setsar=16/15 libx264 yuv420p", width: 96, height: 72, output: "a.mp4", codec: .h264),
        Case(source: "\(wide) setsar=1 libx264 yuv420p10le", width: 192, height: 144, output: "a.mp4", codec: .h265),
        Case(source: "\(wide) setsar=1 libx264 yuv420p10le", width: 192, height: 144, output: "a.mkv", codec: .ffv1),
        Case(source: "\(wide) setsar=1 ffv1 yuv422p", width: 94, height: 70, output: "a.mov", codec: .prores),
        Case(source: "\(wide) setsar=8/9 ffv1 gray", width: 1920, height: 1080, output: "a.mkv", codec: .h264),
        Case(
            source: "size=47x35:rate=30000/1001:duration=0.3 setsar=1 ffv1 yuv420p", width: 94, height: 70,
            output: "a.mkv", codec: .h264),
        Case(
            source: "size=47x35:rate=30000/1001:duration=0.3 setsar=1 ffv1 yuv420p", width: 141, height: 105,
            output: "a.mp4", codec: .h265),
    ]

    @Test("size, shape of samples, timestamps and sound by ffprobe", arguments: cases)
    func resize(test: Case) throws {
        let parts = test.source.split(separator: " ")
        let codec = parts[2] == "ffv1" ? "-c:v ffv1 -level 3" : "-c:v \(parts[2]) -bf 2"
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=\(parts[0]) -f lavfi -i sine=duration=0.4 -vf \(parts[1]) \(codec) -pix_fmt \(parts[3])"
                + " -c:a aac in.mkv")
        let reader = try VideoReader(path: lab.path("in.mkv"))
        let format = reader.format.resized(width: test.width, height: test.height)
        let writer = try VideoWriter(
            path: lab.path(test.output), format: format,
            encoding: VideoEncoding(codec: test.codec, preset: test.codec == .h264 ? "ultrafast" : nil),
            copying: reader.copySource)
        var count = 0
        while let frame = try reader.next() {
            try writer.write(enlarged(frame, format))
            count += 1
        }
        _ = try writer.finish()

        let said = try lab.probe(test.output, "stream=codec_type,width,height,sample_aspect_ratio,pix_fmt")
        #expect(said.contains("width=\(test.width)|height=\(test.height)"), "\(said)")
        let (again, frames) = try lab.read(test.output)
        #expect(frames.count == count && again.format.width == test.width && again.format.height == test.height)
        #expect(again.format.pixelFormat.bitDepth >= reader.format.pixelFormat.bitDepth)
        // The picture is as wide for its height as it was.
        let (before, after) = (reader.format, again.format)
        let shape = { (format: VideoFormat) in
            Double(format.width) / Double(format.height) * format.sampleAspectRatio.doubleValue
        }
        #expect(abs(shape(after) / shape(before) - 1) < 0.03)
        if test.width * before.height == test.height * before.width {
            #expect(after.sampleAspectRatio == before.sampleAspectRatio)
        }
        let (old, new) = (try lab.times("in.mkv").map(\.pts), try lab.times(test.output).map(\.pts))
        #expect(old.count == new.count)
        for (a, b) in zip(old, new) { #expect(abs(a.seconds - b.seconds) < 0.0011) }
        #expect(try lab.streamHashes("in.mkv", kind: "a") == lab.streamHashes(test.output, kind: "a"))
        if test.codec.isLossless {
            #expect(frames[0].planes[0].bytes == enlarged(try lab.read("in.mkv").1[0], format).planes[0].bytes)
        }
    }

    @Test("a film that lies on its side comes out upright at its new size")
    func turned() throws {
        try lab.ffmpeg(
            "-f lavfi -i testsrc2=size=64x48:rate=25:duration=0.2 -vf setsar=4/3 -c:v libx264 -pix_fmt yuv420p flat.mp4"
        )
        try lab.ffmpeg("-i flat.mp4 -c copy -metadata:s:v:0 rotate=90 turned.mp4")
        let reader = try VideoReader(path: lab.path("turned.mp4"))
        guard reader.format.width == 48 else { return }  // this ffmpeg cannot write a rotation
        let format = reader.format.resized(width: 96, height: 128)
        #expect(format.sampleAspectRatio == Rational(3, 4))
        let writer = try VideoWriter(
            path: lab.path("out.mp4"), format: format, encoding: VideoEncoding(), copying: reader.copySource)
        while let frame = try reader.next() { try writer.write(enlarged(frame, format)) }
        _ = try writer.finish()
        let film = try #require(try MediaSummary(path: lab.path("out.mp4")).film?.picture)
        #expect(film.width == 96 && film.height == 128 && film.orientation == "left as it is")
        let said = try lab.probe("out.mp4", "stream=width,height,sample_aspect_ratio:stream_side_data=rotation")
        #expect(said.contains("width=96|height=128|sample_aspect_ratio=3:4") && !said.contains("rotation"), "\(said)")
    }

    @Test func theShapeOfSamples() {
        func shape(_ width: Int, _ height: Int, _ ratio: Rational, to other: (Int, Int)) -> Rational {
            VideoFormat(
                width: width, height: height, pixelFormat: .yuv420p8, color: ColorInfo(), sampleAspectRatio: ratio,
                timeBase: Rational(1, 25)
            ).resized(width: other.0, height: other.1).sampleAspectRatio
        }
        #expect(shape(720, 576, Rational(16, 15), to: (1440, 1152)) == Rational(16, 15))
        #expect(shape(720, 576, Rational(16, 15), to: (1920, 1080)) == Rational(3, 4))
        #expect(shape(640, 480, .one, to: (1920, 1080)) == Rational(3, 4))
        #expect(shape(853, 480, .one, to: (1920, 1080)) == .one, "1919.25 columns were rounded")
        #expect(shape(352, 288, Rational(128, 117), to: (704, 480)) == Rational(128 * 5, 117 * 6))
        // Numbers that fit nowhere come out near and do not trap.
        let odd = shape(16_381, 16_369, Rational(.max, .max - 1), to: (12_347, 3))
        #expect(abs(odd.doubleValue / (16_381.0 * 3 / (16_369 * 12_347)) - 1) < 1e-3)
    }

    @Test(arguments: [VideoCodec.h264, .h265])
    func picturesBeyondTheStandardAreRefusedBeforeWork(codec: VideoCodec) throws {
        for (width, height) in [(16_900, 16), (16, 16_900), (8_192, 8_192)] {
            let format = VideoFormat(
                width: width, height: height, pixelFormat: .yuv420p8, color: ColorInfo(), timeBase: Rational(1, 25))
            let error = try mediaError {
                _ = try VideoWriter(
                    path: lab.path("big.mp4"), format: format, encoding: VideoEncoding(codec: codec))
            }
            #expect(error.code == .unsupported && error.reason.contains("\(width)×\(height)"))
            let early = try mediaError {
                try VideoWriter.check(
                    path: lab.path("big.mp4"), encoding: VideoEncoding(codec: codec), inputs: [], overwrite: false,
                    size: (width, height))
            }
            #expect(early.reason == error.reason)
        }
        try VideoWriter.check(
            path: lab.path("big.mp4"), encoding: VideoEncoding(codec: codec), inputs: [], overwrite: false,
            size: (8_192, 4_320))
        try VideoWriter.check(
            path: lab.path("big.mkv"), encoding: VideoEncoding(codec: .ffv1), inputs: [], overwrite: false,
            size: (16_900, 9_000))
        #expect(lab.hiddenFiles == [])
    }

    /// The frame with every sample repeated, cut or repeated to the format's size.
    private func enlarged(_ frame: VideoFrame, _ format: VideoFormat) -> VideoFrame {
        let bytes = frame.pixelFormat.bytesPerSample
        let planes = frame.planes.enumerated().map { number, plane in
            let size = frame.pixelFormat.planeSize(number, width: format.width, height: format.height)
            var result: [UInt8] = []
            for y in 0..<size.height {
                let row = y * plane.height / size.height * plane.bytesPerRow
                for x in 0..<size.width {
                    let at = row + x * plane.width / size.width * bytes
                    result += plane.bytes[at..<at + bytes]
                }
            }
            return VideoFrame.Plane(
                width: size.width, height: size.height, bytesPerRow: size.width * bytes, bytes: result)
        }
        return frame.replacing(width: format.width, height: format.height, planes: planes)
    }
}
