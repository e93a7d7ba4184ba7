import Foundation
import HeirloomMedia
import HeirloomMediaTensors
import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

@Suite struct StillTests {
    private func picture(
        _ channels: StillImage.Channels, _ depth: StillImage.Depth, width: Int = 90, height: Int = 70
    ) -> StillImage {
        let maximum = Double(depth.maximum)
        let samples = (0..<height).flatMap { y in
            (0..<width).flatMap { x -> [UInt16] in
                let value = 0.5 + 0.5 * sin(Double(x) * 0.11) * cos(Double(y) * 0.07)
                let colours = channels.isGrey ? [value] : [value, value * 0.9, value * 0.7]
                return (colours + (channels.hasAlpha ? [Double(x) / Double(width)] : [])).map {
                    UInt16(($0 * maximum).rounded())
                }
            }
        }
        let metadata = StillMetadata(xmp: Array("<x:xmpmeta/>".utf8))
        if depth == .sixteen {
            return StillImage(width: width, height: height, channels: channels, samples: samples, metadata: metadata)
        }
        return StillImage(
            width: width, height: height, channels: channels, depth: depth, pixels: samples.map { UInt8($0) },
            metadata: metadata)
    }

    private let vivid: @Sendable (Tensor, Int) -> Tensor = { luma, _ in
        concatenated([(luma - 0.5) * -0.9, (luma - 0.4) * 0.9], axis: 1)
    }

    @Test(arguments: StillImage.Channels.allCases, StillImage.Depth.allCases)
    func lumaIsKeptWithinACodeValue(channels: StillImage.Channels, depth: StillImage.Depth) throws {
        let image = picture(channels, depth)
        let colored = try StillColorizer(FakePredictor(vivid), settings: quickSettings())(image)
        #expect(colored.channels == (channels.hasAlpha ? .rgba : .rgb) && colored.depth == depth)
        #expect(colored.width == image.width && colored.height == image.height && colored.metadata == image.metadata)
        let difference = (Tensor(luma: colored) - Tensor(luma: image)).abs().max().item() * Double(depth.maximum)
        #expect(difference <= 1, "luma is off by \(difference) codes")
        let rgb = Tensor(rgb: colored)
        #expect((rgb[0, 0] - rgb[0, 2]).abs().max().item() > 0.2, "there is colour")
    }

    @Test func bandsDoNotShow() throws {
        // More than one band: 1,048,576 pixels each.
        let image = picture(.grey, .eight, width: 1200, height: 1000)
        var settings = quickSettings()
        settings.renderSize = 64
        let colored = try StillColorizer(FakePredictor(vivid), settings: settings)(image)
        let rgb = Tensor(rgb: colored)
        let seam = 1_048_576 / 1200
        let steps = (rgb[0, TensorIndex.all, 1..<1000] - rgb[0, TensorIndex.all, 0..<999]).abs().mean(axes: [0, 2])
            .floats
        #expect(steps[seam - 1] < 1.5 * max(steps[seam - 2], steps[seam]) + 0.002)
    }

    @Test func theNetworkSeesTheTrueShape() throws {
        let predictor = FakePredictor(vivid)
        _ = try StillColorizer(predictor, settings: quickSettings())(picture(.rgb, .eight, width: 160, height: 90))
        #expect(predictor.shapes == [[1, 1, 64, 128]])
        let size = try StillColorizer(predictor, settings: quickSettings())
            .renderSize(of: picture(.rgb, .eight, width: 160, height: 90))
        #expect(size.width == 114 && size.height == 64)
    }

    @Test(arguments: [(1, 1), (3, 7), (2, 500)])
    func tinyPicturesAreTaken(width: Int, height: Int) throws {
        let image = picture(.grey, .eight, width: width, height: height)
        let colored = try StillColorizer(FakePredictor(vivid), settings: quickSettings())(image)
        #expect(colored.width == width && colored.height == height)
        #expect((Tensor(luma: colored) - Tensor(luma: image)).abs().max().item() * 255 <= 1)
    }
}
