import Foundation
import HeirloomMedia
import HeirloomMediaTensors
import HeirloomModels
import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

/// Films and pictures through a network of DeOldify's build: what it sees, what stays exact, what is refused.
@Suite struct DeOldifyColoringTests {
    /// A network of little size with weights by formula, in a file.
    private func model(_ folder: TemporaryFolder) throws -> String {
        let sizes = DeOldifyConfiguration(
            width: 4, depths: [1, 1, 1, 1], bottleneck: true, convolutions: 1, upsampled: [8, 8, 8, 8],
            mixed: [8, 8, 8, 8])
        let path = folder.file("model.safetensors")
        try ModelFile.write(
            try ParityNetworks.deOldify(sizes, KeyedNoise32(seed: "restoration")), to: path, dtype: .float32,
            task: "colorize", licence: "made by a test")
        return path
    }

    private func settings(_ model: String, factor: Int? = 4) -> ColorSettings {
        var settings = ColorSettings()
        settings.model = .named(model)
        settings.renderFactor = factor
        settings.device = .cpu
        settings.precision = .float32
        return settings
    }

    private func photo(_ folder: TemporaryFolder, width: Int = 90, height: Int = 60) throws -> StillImage {
        let bytes: [UInt8] = KeyedNoise32(seed: "photo").picture("photo", height: height, width: width).scalars()
        return StillImage(width: width, height: height, channels: .rgb, depth: .eight, pixels: bytes)
    }

    @Test func filmsKeepLumaAndTimes() async throws {
        let folder = try TemporaryFolder()
        let (input, output) = (folder.file("in.mkv"), folder.file("out.mkv"))
        try SyntheticFilm(width: 96, height: 64, framesPerShot: 6)
            .write(to: input, frames: 13, encoding: VideoEncoding(codec: .ffv1))
        let color = settings(try model(folder))
        let report = try await FilmJob.colorize(input, to: output, color: color, film: lossless()).run()
        let (before, after) = (try frames(of: input), try frames(of: output))
        #expect(report.frames == 13 && after.count == 13)
        #expect(zip(before, after).allSatisfy { $0.pts == $1.pts && $0.planes[0].bytes == $1.planes[0].bytes })
        #expect(after.contains { Set($0.planes[1].bytes).count > 4 }, "there is colour")
        #expect(report.renderWidth == 64 && report.renderHeight == 64 && report.shots.count == 3)
    }

    /// A square by the render factor, or as many samples in the true shape; 35 and 21 where nothing is said.
    @Test func whatTheNetworkSees() throws {
        let folder = try TemporaryFolder()
        let network = try model(folder)
        let photo = try photo(folder, width: 160, height: 90)
        func seen(_ settings: ColorSettings) throws -> RenderSize {
            try StillColorizer(NetworkPredictor(settings), settings: settings).renderSize(of: photo)
        }
        let standard = try seen(settings(network, factor: nil))
        #expect(standard == RenderSize(width: 560, height: 560, shortSide: 560, multiple: 16))
        #expect(try seen(settings(network, factor: 21)).paddedWidth == 336)
        var shaped = settings(network, factor: 20)
        shaped.keepsShape = true
        let size = try seen(shaped)
        #expect(abs(Double(size.width) / Double(size.height) - 16.0 / 9) < 0.01)
        #expect(abs(Double(size.width * size.height) / (320 * 320) - 1) < 0.01)
        #expect(size.paddedWidth % 16 == 0 && size.paddedHeight % 16 == 0)
    }

    @Test(arguments: [false, true]) func picturesKeepTheirLuma(_ keepsShape: Bool) throws {
        let folder = try TemporaryFolder()
        var color = settings(try model(folder))
        color.keepsShape = keepsShape
        let photo = try photo(folder)
        let colored = try StillColorizer(NetworkPredictor(color), settings: color)(photo)
        #expect((Tensor(luma: colored) - Tensor(luma: photo)).abs().max().item() <= 1.01 / 255)
    }

    /// Digit for digit the original's procedure, whatever the depth of the source.
    @Test func originalIsTheProcedure() throws {
        let folder = try TemporaryFolder()
        let path = try model(folder)
        var color = settings(path, factor: 5)
        color.isOriginal = true
        color.precision = .auto
        let photo = try photo(folder)
        let colored = try StillColorizer(NetworkPredictor(color), settings: color)(photo)
        let network = try ModelFile(path: path).load(DeOldifyGenerator.self).preparedForInference()
        let expected = withoutGradients {
            OriginalColorizing(renderFactor: 5)(
                Tensor(photo.pixels, shape: [photo.height, photo.width, 3]), by: network)
        }
        #expect(colored.pixels == expected.scalars(as: UInt8.self) && colored.channels == .rgb)
        let deep = StillImage(
            width: photo.width, height: photo.height, channels: .rgb,
            samples: photo.pixels.map { UInt16($0) << 8 | 0x7F })
        let same = try StillColorizer(NetworkPredictor(color), settings: color)(deep)
        #expect(same.pixels == colored.pixels && same.depth == .eight)
    }

    @Test func settingsThatDoNotFitAreRefused() async throws {
        let folder = try TemporaryFolder()
        let (own, theirs) = (folder.file("own.safetensors"), try model(folder))
        try ModelFile.write(tinyNetwork(), to: own, task: "colorize", licence: "made by a test")
        func refusal(_ model: String, _ change: (inout ColorSettings) -> Void) throws -> String {
            var color = settings(model, factor: nil)
            change(&color)
            let error = try #require(throws: RestorationError.self) { try NetworkPredictor(color) }
            #expect(error.code == .badRequest)
            return error.description
        }
        #expect(try refusal(theirs) { $0.renderFactor = 3 }.contains("render factor 3 is out of range; choose 4 to 64"))
        #expect(try refusal(theirs) { $0.renderFactor = 65 }.contains("choose 4 to 64"))
        #expect(try refusal(theirs) { $0.renderSize = 160 }.contains("render factor (steps of 16 pixels)"))
        #expect(try refusal(own) { $0.renderFactor = 21 }.contains("has no render factor"))
        #expect(try refusal(own) { $0.isOriginal = true }.contains("name a DeOldify model"))
        #expect(
            try refusal(theirs) {
                $0.renderFactor = 21
                $0.renderSize = 160
            }.contains("contradict"))
        #expect(
            try refusal(theirs) {
                $0.isOriginal = true
                $0.strength = 2
            }.contains("no strength"))
        // Films have no original procedure here.
        let film = folder.file("in.mkv")
        try SyntheticFilm(width: 64, height: 48).write(to: film, frames: 2, encoding: VideoEncoding(codec: .ffv1))
        var color = settings(theirs)
        color.isOriginal = true
        let error = await #expect(throws: RestorationError.self) {
            try await FilmJob.colorize(film, to: folder.file("out.mkv"), color: color, film: lossless()).run()
        }
        #expect(error?.description.contains("is for pictures") == true)
        #expect(!folder.names.contains("out.mkv"))
    }

    /// Out of memory at the smallest size is an error that names the picture, never a grey picture.
    @Test func memoryThatRunsOutIsReported() throws {
        let folder = try TemporaryFolder()
        let predictor = FakePredictor { _, _ in throw FakePredictor.outOfMemory }
        let error = try #require(throws: RestorationError.self) {
            try StillColorizer(predictor, settings: quickSettings())(try photo(folder))
        }
        #expect(error.code == .outOfMemory && error.description.contains("--render-factor"))
    }
}
