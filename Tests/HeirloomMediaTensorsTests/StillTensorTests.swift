import HeirloomMedia
import HeirloomMediaTensors
import HeirloomTensors
import TestSupport
import Testing

@Suite struct StillTensorTests {
    static func image(
        _ channels: StillImage.Channels, _ depth: StillImage.Depth, width: Int = 21, height: Int = 13
    ) -> StillImage {
        let samples = (0..<width * height * channels.count).map { UInt16(truncatingIfNeeded: $0 &* 40503 &+ 77) }
        if depth == .sixteen { return StillImage(width: width, height: height, channels: channels, samples: samples) }
        return StillImage(
            width: width, height: height, channels: channels, depth: depth, pixels: samples.map { UInt8($0 >> 8) })
    }

    @Test(arguments: StillImage.Channels.allCases, StillImage.Depth.allCases)
    func thereAndBackIsTheIdentity(channels: StillImage.Channels, depth: StillImage.Depth) {
        let image = Self.image(channels, depth)
        var canvas = StillCanvas(like: image)
        canvas.write(rgb: Tensor(rgb: image, rows: 0..<5), atRow: 0)
        canvas.write(rgb: Tensor(rgb: image, rows: 5..<13), atRow: 5)
        let again = canvas.finish()
        #expect(again.channels == (channels.hasAlpha ? .rgba : .rgb) && again.depth == depth)
        if channels == .rgb || channels == .rgba {
            #expect(again.pixels == image.pixels)
        } else {
            let step = depth.bytes
            for pixel in [0, 100, 21 * 13 - 1] {
                let grey = image.pixels[pixel * channels.count * step..<pixel * channels.count * step + step]
                let start = pixel * again.channels.count * step
                for channel in 0..<3 {
                    #expect(again.pixels[start + channel * step..<start + (channel + 1) * step] == grey)
                }
                if channels.hasAlpha {
                    let alpha = image.pixels[(pixel * 2 + 1) * step..<(pixel * 2 + 2) * step]
                    #expect(again.pixels[start + 3 * step..<start + 4 * step] == alpha)
                }
            }
        }
    }

    @Test(arguments: StillImage.Depth.allCases)
    func lumaIsThatOfBT601(depth: StillImage.Depth) {
        let image = Self.image(.rgba, depth)
        let rgb = Tensor(rgb: image)
        let expected = rgb[0..<1, 0..<1] * 0.299 + rgb[0..<1, 1..<2] * 0.587 + rgb[0..<1, 2..<3] * 0.114
        expectClose(Tensor(luma: image), expected, absolute: 1e-6)
        expectEqual(Tensor(luma: image, rows: 4..<9), Tensor(luma: image)[TensorIndex.all, TensorIndex.all, 4..<9])
        let grey = Self.image(.greyAlpha, depth)
        expectEqual(Tensor(luma: grey), Tensor(rgb: grey)[0..<1, 1..<2])
        #expect(Tensor(luma: grey).max().item() <= 1)
    }
}
