import Foundation
import HeirloomMedia
import HeirloomMediaTensors
import HeirloomModels
@testable import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

/// Films made larger: every frame at its time, colours and depth kept, the shape kept.
@Suite struct UpscaleFilmTests {
    private func restorer() -> TiledRestorer {
        TiledRestorer(Tiler(scale: 2, context: 4, blend: 0)) { tile in
            tile.resized(height: 2 * tile.shape[2], width: 2 * tile.shape[3])
        }
    }

    private func settings(_ scale: String? = nil, batch: Int? = nil) -> UpscaleSettings {
        var settings = UpscaleSettings()
        settings.target = scale.flatMap(TargetSize.init)
        settings.batch = batch
        return settings
    }

    private func job(_ input: String, _ output: String, _ settings: UpscaleSettings) -> FilmJob {
        FilmJob(input: input, output: output, settings: lossless()) { format in
            try Upscaler(
                TiledRestorer(Tiler(scale: 2, context: 4, blend: 0)) { tile in
                    tile.resized(height: 2 * tile.shape[2], width: 2 * tile.shape[3])
                }, format: format, settings: settings)
        }
    }

    @Test(
        "frames, times, layout and depth stay; the size doubles",
        arguments: [
            PixelFormat.yuv420p8, .yuv420p10, PixelFormat(.s422), PixelFormat(.s444, bitDepth: 12), PixelFormat(.grey),
        ], [1, 4])
    func everyFrame(pixelFormat: PixelFormat, batch: Int) async throws {
        let folder = try TemporaryFolder()
        let input = folder.file("in.mkv")
        try SyntheticFilm(width: 48, height: 32, pixelFormat: pixelFormat).write(
            to: input, frames: 9, encoding: VideoEncoding(codec: .ffv1))
        let report = try await job(input, folder.file("out.mkv"), settings(batch: batch)).run()
        let (before, after) = (try frames(of: input), try frames(of: folder.file("out.mkv")))
        #expect(report.frames == 9 && after.count == 9 && report.width == 96 && report.height == 64)
        #expect(zip(before, after).allSatisfy { $0.pts == $1.pts && $0.duration == $1.duration })
        #expect(after.allSatisfy { $0.pixelFormat == pixelFormat && $0.width == 96 && $0.height == 64 })
        #expect(after.allSatisfy { $0.color == before[0].color })
        // The same colours: the mean of every plane is that of the source, to a fraction of a code value of 8 bits.
        let tolerance = 0.75 * Double(1 << (pixelFormat.bitDepth - 8))
        for (old, new) in zip(before, after) {
            for plane in 0..<pixelFormat.planeCount {
                #expect(abs(mean(old, plane) - mean(new, plane)) < tolerance, "plane \(plane)")
            }
        }
    }

    private func mean(_ frame: VideoFrame, _ plane: Int) -> Double {
        let samples = frame.planes[plane]
        let step = frame.pixelFormat.bytesPerSample
        var sum = 0
        for row in 0..<samples.height {
            for column in 0..<samples.width {
                let place = row * samples.bytesPerRow + column * step
                sum += Int(samples.bytes[place]) + (step == 2 ? Int(samples.bytes[place + 1]) << 8 : 0)
            }
        }
        return Double(sum) / Double(samples.width * samples.height)
    }

    @Test("the size that was asked for, and the shape of the picture as it was")
    func shapes() throws {
        var format = SyntheticFilm(width: 720, height: 576).format
        format.sampleAspectRatio = Rational(16, 15)
        func output(_ scale: String?) throws -> VideoFormat {
            try Upscaler(restorer(), format: format, settings: settings(scale)).outputFormat(for: format)
        }
        #expect(try output(nil).width == 1440)
        let screen = try output("1080p")
        #expect(screen.height == 1080 && screen.width == 1350 && screen.sampleAspectRatio == Rational(16, 15))
        let exact = try output("1920x1080")
        let shown = Double(exact.width) * exact.sampleAspectRatio.doubleValue / Double(exact.height)
        #expect(exact.width == 1920 && abs(shown - 4.0 / 3) < 1e-9)
        // Halved chroma wants even sides.
        let odd = try output("1.333")
        #expect(odd.width % 2 == 0 && odd.height % 2 == 0 && odd.sampleAspectRatio == Rational(16, 15))
    }

    @Test("films that cannot be converted are refused")
    func refusals() {
        var format = SyntheticFilm(width: 64, height: 48).format
        format.color.transfer = .pq
        #expect(throws: RestorationError.self) { try Upscaler(restorer(), format: format, settings: settings()) }
        format.color.transfer = .bt709
        format.color.matrix = .rgb
        #expect(throws: RestorationError.self) { try Upscaler(restorer(), format: format, settings: settings()) }
    }

    @Test("a frame that cannot be enlarged fails the film and leaves nothing")
    func failure() async throws {
        let folder = try TemporaryFolder()
        try SyntheticFilm(width: 48, height: 32).write(
            to: folder.file("in.mkv"), frames: 5, encoding: VideoEncoding(codec: .ffv1))
        let paths = (folder.file("in.mkv"), folder.file("out.mkv"))
        let job = FilmJob(input: paths.0, output: paths.1, settings: lossless()) { format in
            try Upscaler(
                TiledRestorer(Tiler(scale: 2, context: 4, blend: 0)) { _ in throw FakePredictor.outOfMemory },
                format: format, settings: UpscaleSettings())
        }
        let error = await #expect(throws: RestorationError.self) { try await job.run() }
        #expect(error?.code == .outOfMemory && error?.description.contains("frame 0") == true)
        #expect(folder.names == ["in.mkv"])
    }

    @Test("the smallest fast model that reaches the size is taken")
    func models() {
        let names = [1.5, 2, 2.5, 3, 3.5, 8].map(UpscaleSettings.filmModel)
        #expect(names.map { $0.suffix(2) } == ["x2", "x2", "x3", "x3", "x4", "x4"])
    }
}
