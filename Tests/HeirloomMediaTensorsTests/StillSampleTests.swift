import HeirloomMedia
import HeirloomMediaTensors
import HeirloomTensors
import TestSupport
import Testing

@Suite struct StillSampleTests {
    @Test(arguments: StillImage.Channels.allCases, StillImage.Depth.allCases)
    func everyChannelGoesThereAndBack(channels: StillImage.Channels, depth: StillImage.Depth) {
        let image = StillTensorTests.image(channels, depth, width: 19, height: 11)
        let whole = Tensor(samples: image)
        #expect(whole.shape == [1, channels.count, 11, 19])
        #expect(StillImage(samples: whole, depth: depth).pixels == image.pixels)
        let strip = StillImage(samples: Tensor(samples: image, rows: 3..<7), depth: depth)
        let row = 19 * channels.count * depth.bytes
        #expect(strip.channels == channels && strip.height == 4 && strip.width == 19)
        #expect(strip.pixels == Array(image.pixels[3 * row..<7 * row]))
    }

    /// Every code value, and what a division in single precision makes of it: other programs compute just that.
    @Test func valuesAreCodesOverTheMaximum() {
        let codes = (0...65_535).map { UInt16($0) }
        let deep = StillImage(width: 256, height: 256, channels: .grey, samples: codes)
        expectEqual(Tensor(samples: deep), Tensor(codes.map { Float($0) / 65_535 }, shape: [1, 1, 256, 256]))
        #expect(StillImage(samples: Tensor(samples: deep), depth: .sixteen).pixels == deep.pixels)
        let bytes = (0...255).map { UInt8($0) }
        let flat = StillImage(width: 16, height: 16, channels: .grey, depth: .eight, pixels: bytes)
        let expected = Tensor(bytes.map { Float($0) / 255 }, shape: [1, 1, 16, 16])
        expectEqual(Tensor(samples: flat), expected)
        expectEqual(Tensor(rgb: flat)[0..<1, 1..<2], expected)
    }

    @Test func halvesGoToTheEvenCodeAndNothingOverflows() {
        // k + 0.5 over 255 is not exact in general; a half over 256 levels of 1/2 is: 0.5 · 255 = 127.5.
        let numbers: [Float] = [0.5, -1, 2, 0.25 / 255, 1.5 / 255, 2.5 / 255]
        let made = StillImage(samples: Tensor(numbers, shape: [1, 1, 1, 6]), depth: .eight)
        #expect(Array(made.pixels[..<4]) == [128, 0, 255, 0])
        for (index, code) in made.pixels.enumerated() {
            let wanted = min(max(numbers[index] * 255, 0), 255).rounded(.toNearestOrEven)
            #expect(code == UInt8(wanted))
        }
    }

    @Test func fiveChannelsTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = StillImage(samples: Tensor.zeros([1, 5, 2, 2]), depth: .eight)
        }
    }
}
