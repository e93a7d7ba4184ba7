import Foundation
import HeirloomMedia
import HeirloomMediaTensors
import HeirloomModels
@testable import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

/// A network of little size with fixed random weights that enlarges twice.
func tinyUpscaler() -> SRVGGNetCompact {
    SRVGGNetCompact(SRVGGNetCompactConfiguration(upscale: 2, convolutions: 2, features: 8), using: Generator(seed: 7))
}

/// Whole pictures through the network: sizes, kinds, what is kept, what is refused.
@Suite struct UpscaleStillTests {
    /// Settings that use the tiny network, so that jobs run as users run them.
    private func settings(_ folder: TemporaryFolder) throws -> UpscaleSettings {
        let path = folder.file("tiny.safetensors")
        try ModelFile.write(tinyUpscaler(), to: path, dtype: .float32, task: "upscale", licence: "MIT")
        var settings = UpscaleSettings()
        settings.model = .named(path)
        settings.device = .cpu
        settings.precision = .float32
        return settings
    }

    /// A picture with a gradient in each channel; opacity is full in the upper half.
    private func picture(
        _ channels: StillImage.Channels, _ depth: StillImage.Depth, width: Int = 30, height: Int = 22,
        metadata: StillMetadata = StillMetadata()
    ) -> StillImage {
        let count = channels.count
        let samples = (0..<width * height * count).map { index -> UInt16 in
            let (pixel, channel) = (index / count, index % count)
            let (x, y) = (pixel % width, pixel / width)
            if channels.hasAlpha && channel == count - 1 && y * 2 < height { return UInt16(depth.maximum) }
            let value = Double((x * (channel + 1) * 7 + y * 11) % 97) / 97
            return UInt16(value * Double(depth.maximum))
        }
        if depth == .sixteen {
            return StillImage(width: width, height: height, channels: channels, samples: samples, metadata: metadata)
        }
        return StillImage(
            width: width, height: height, channels: channels, depth: .eight, pixels: samples.map(UInt8.init),
            metadata: metadata)
    }

    private func upscale(
        _ image: StillImage, _ settings: UpscaleSettings, in folder: TemporaryFolder, as ending: String = "png"
    ) async throws -> (image: StillImage, report: StillReport) {
        _ = try StillWriter.write(image, to: folder.file("in.\(ending)"), overwrite: true)
        let job = UpscaleJob(
            inputs: [folder.file("in.\(ending)")], output: folder.file("out-\(UUID().uuidString).\(ending)"),
            upscale: settings)
        let report = try await job.run()
        guard case .still(let still) = report.outcomes.first else { throw TestFailure() }
        return (try StillReader.read(still.output), still)
    }

    @Test(
        "the network's own output is that of the original procedure, digit for digit",
        arguments: [StillImage.Channels.grey, .greyAlpha, .rgb, .rgba], [StillImage.Depth.eight, .sixteen])
    func original(channels: StillImage.Channels, depth: StillImage.Depth) async throws {
        let folder = try TemporaryFolder()
        var settings = try settings(folder)
        settings.locksColor = false
        let image = picture(channels, depth)
        let result = try await upscale(image, settings, in: folder).image
        let network = tinyUpscaler().preparedForInference(device: .cpu, dtype: .float32)
        let samples = (Tensor(samples: image) * Double(depth.maximum)).rounded()
        let expected = withoutGradients { OriginalUpscaling()(samples, maximum: depth.maximum, by: network) }
        let actual = (Tensor(samples: result) * Double(depth.maximum)).rounded().to(dtype: .int32)
        #expect(result.channels == channels && result.depth == depth)
        expectEqual(actual, expected)
    }

    @Test("channels, depth, opacity and profile stay; even opacity stays exactly full")
    func kinds() async throws {
        let folder = try TemporaryFolder()
        let settings = try settings(folder)
        for channels in [StillImage.Channels.grey, .greyAlpha, .rgb, .rgba] {
            for depth in [StillImage.Depth.eight, .sixteen] {
                let (result, report) = try await upscale(picture(channels, depth), settings, in: folder)
                #expect(result.width == 60 && result.height == 44)
                #expect(result.channels == channels && result.depth == depth)
                #expect(report.notes.isEmpty, "\(report.notes)")
            }
        }
        var opaque = picture(.rgba, .eight)
        opaque = StillImage(
            width: 30, height: 22, channels: .rgba, depth: .eight,
            pixels: opaque.pixels.enumerated().map { $0 % 4 == 3 ? 255 : $1 })
        let result = try await upscale(opaque, settings, in: folder).image
        #expect(stride(from: 3, to: result.pixels.count, by: 4).allSatisfy { result.pixels[$0] == 255 })
    }

    @Test("every size in, every size out", arguments: [(1, 1), (3, 7), (1, 40), (33, 1), (17, 16)])
    func sizes(width: Int, height: Int) async throws {
        let folder = try TemporaryFolder()
        var settings = try settings(folder)
        for (text, size) in [
            ("2", (width * 2, height * 2)), ("3", (width * 3, height * 3)),
            ("16x9", (16, 9)), ("1.5", (Int((Double(width) * 1.5).rounded()), Int((Double(height) * 1.5).rounded()))),
        ] where size.0 <= width * 16 && size.1 <= height * 16 {
            settings.target = TargetSize(text)
            let result = try await upscale(picture(.rgb, .eight, width: width, height: height), settings, in: folder)
            #expect(result.image.width == size.0 && result.image.height == size.1, "\(text)")
        }
    }

    @Test("a picture that is large enough is resampled, and that is said")
    func largeEnough() async throws {
        let folder = try TemporaryFolder()
        var settings = try settings(folder)
        settings.target = .exact(width: 20, height: 10)
        let (result, report) = try await upscale(picture(.rgb, .eight), settings, in: folder)
        #expect(result.width == 20 && report.notes.contains { $0.contains("without the network") })
        #expect(report.renderWidth == 0)
    }

    @Test("tiles give what the whole picture gives, and strips of a tall picture too")
    func tiles() async throws {
        let folder = try TemporaryFolder()
        var settings = try settings(folder)
        let image = picture(.rgb, .eight, width: 150, height: 170)
        for locksColor in [false, true] {
            settings.locksColor = locksColor
            settings.tile = nil
            let whole = try await upscale(image, settings, in: folder).image
            settings.tile = 64
            let tiled = try await upscale(image, settings, in: folder).image
            let worst = zip(whole.pixels, tiled.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
            #expect(worst <= 1)
        }
    }

    @Test("profile and EXIF are carried over, and a turned picture comes out upright")
    func metadata() async throws {
        let folder = try TemporaryFolder()
        let settings = try settings(folder)
        let profile = try Fixture.bytes("stills/swapped.icc")
        let (colored, _) = try await upscale(
            picture(.rgb, .eight, metadata: StillMetadata(profile: profile)), settings, in: folder)
        #expect(colored.metadata.profile == profile)
        let turned = Fixture.path("stills/orientation-6.tif")
        let upright = try StillReader.read(turned)
        _ = try await UpscaleJob(inputs: [turned], output: folder.file("turned.tif"), upscale: settings).run()
        let result = try StillReader.read(folder.file("turned.tif"))
        #expect(result.width == 2 * upright.width && result.height == 2 * upright.height)
        #expect(try StillReader.probe(folder.file("turned.tif")).orientation == 1)
        let fidelity = try UpscaleColorLockTests.fidelity(Tensor(rgb: result), to: Tensor(rgb: upright))
        #expect(fidelity > 38, "\(fidelity) dB: it shows the same")
    }

    @Test("a stop between two tiles leaves nothing")
    func stop() async throws {
        let folder = try TemporaryFolder()
        _ = try StillWriter.write(picture(.rgb, .eight, width: 200, height: 200), to: folder.file("in.png"))
        let monitor = JobMonitor()
        var settings = UpscaleSettings()
        settings.tile = 64
        var calls = 0
        let restorer = TiledRestorer(Tiler(scale: 2, context: 4, blend: 0)) { tile in
            calls += 1
            if calls == 2 { monitor.cancel() }
            return tile.repeatedElements(2, axis: 2).repeatedElements(2, axis: 3)
        }
        let upscaler = try StillUpscaler(settings) { restorer }
        #expect(throws: CancellationError.self) {
            try upscaler.perform(
                folder.file("in.png"), to: folder.file("out.png"), StillSettings(), monitor)
        }
        #expect(calls == 2 && folder.names == ["in.png"])
    }

    @Test("numbers that are not finite, and memory that runs out, are errors that say so")
    func failures() throws {
        let folder = try TemporaryFolder()
        _ = try StillWriter.write(picture(.rgb, .eight), to: folder.file("in.png"))
        func error(_ network: @escaping (Tensor) throws -> Tensor) -> (any Error)? {
            #expect(throws: RestorationError.self) {
                let upscaler = try StillUpscaler(UpscaleSettings()) {
                    TiledRestorer(Tiler(scale: 2, context: 4, blend: 0), network: network)
                }
                _ = try upscaler.perform(
                    folder.file("in.png"), to: folder.file("out.png"), StillSettings(), JobMonitor())
            }
        }
        let notANumber = error { ($0 / 0).repeatedElements(2, axis: 2).repeatedElements(2, axis: 3) }
        #expect("\(notANumber as Any)".contains("--precision float32"))
        let memory = error { _ in throw FakePredictor.outOfMemory }
        #expect((memory as? RestorationError)?.code == .outOfMemory && "\(memory as Any)".contains("in.png"))
        #expect(folder.names == ["in.png"])
    }

    @Test("a mixed folder is done and broken files are reported")
    func batch() async throws {
        let folder = try TemporaryFolder()
        let inputs = folder.file("photos")
        try FileManager.default.createDirectory(atPath: inputs, withIntermediateDirectories: true)
        _ = try StillWriter.write(picture(.rgb, .eight), to: inputs + "/a.png")
        _ = try StillWriter.write(picture(.grey, .eight), to: inputs + "/b.jpg")
        try SyntheticFilm(width: 32, height: 24).write(
            to: inputs + "/c.mkv", frames: 4, encoding: VideoEncoding(codec: .ffv1))
        let whole = try Data(contentsOf: URL(filePath: inputs + "/a.png"))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: inputs + "/broken.png"))
        let report = try await UpscaleJob(
            inputs: [inputs], output: folder.file("out"), upscale: try settings(folder), film: lossless()
        ).run()
        #expect(report.failures.map(\.input) == [inputs + "/broken.png"])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).sorted()
        #expect(names == ["a.png", "b.jpg", "c.mkv"])
        #expect(try StillReader.read(folder.file("out/b.jpg")).channels == .grey)
    }
}
