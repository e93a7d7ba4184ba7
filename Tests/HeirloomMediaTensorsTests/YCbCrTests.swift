import HeirloomMedia
import HeirloomMediaTensors
import HeirloomTensors
import TestSupport
import Testing

@Suite struct YCbCrTests {
    private static func format(
        _ pixels: PixelFormat, _ width: Int, _ height: Int, _ color: ColorInfo
    ) -> VideoFormat {
        VideoFormat(width: width, height: height, pixelFormat: pixels, color: color, timeBase: Rational(1, 25))
    }

    private static let locations: [ColorInfo.ChromaLocation] = [
        .unspecified, .left, .center, .topLeft, .top, .bottomLeft, .bottom,
    ]

    @Test(arguments: [(46, 30), (47, 31), (46, 31), (1, 1), (2, 1), (1, 2), (3, 3), (5, 4)])
    func thereAndBackIsTheIdentity(width: Int, height: Int) {
        for test in VideoFrameTensorTests.cases where test.matrix == .bt709 {
            for location in Self.locations {
                let color = ColorInfo(matrix: test.matrix, range: test.range, chromaLocation: location)
                let frame = VideoFrameTensorTests.frame(
                    test.format, width: width, height: height, color: color, padding: 6)
                let tensor = Tensor(yCbCr: frame)
                #expect(tensor.shape == [1, 3, height, width])
                let again = VideoFrame(
                    yCbCr: tensor, format: Self.format(test.format, width, height, color), like: frame)
                let step = 1 << (test.format.bitDepth - 8)
                for plane in 0..<3 {
                    // The codes that limited video may not use are moved to the next that it may.
                    let codes = VideoFrameTensorTests.codes(frame.planes[plane], test.format).map {
                        test.range == .full ? $0 : min(max($0, step), 255 * step - 1)
                    }
                    let after = VideoFrameTensorTests.codes(again.planes[plane], test.format)
                    let worst = zip(codes, after).map { abs($0 - $1) }.max()
                    #expect(worst == 0 || (plane > 0 && worst == 1), "\(test.testDescription) \(location) \(plane)")
                }
            }
        }
    }

    @Test func greyGoesThereAndBackWithoutChroma() {
        for depth in [8, 10, 16] {
            let pixels = PixelFormat(.grey, bitDepth: depth)
            let color = ColorInfo(range: .full)
            let frame = VideoFrameTensorTests.frame(pixels, width: 9, height: 7, color: color)
            let tensor = Tensor(yCbCr: frame)
            expectEqual(tensor[0..<1, 1..<3], Tensor.zeros([1, 2, 7, 9]))
            let again = VideoFrame(yCbCr: tensor, format: Self.format(pixels, 9, 7, color), like: frame)
            #expect(again.planes.map(\.bytes) == frame.planes.map(\.bytes))
        }
    }

    /// On a plane that rises evenly, linear interpolation gives the value at each place, which is known.
    @Test(arguments: locations)
    func chromaSitsWhereItShould(location: ColorInfo.ChromaLocation) {
        let (width, height) = (16, 12)
        let siting = ChromaSiting(.yuv420p8, location)
        var planes = [
            VideoFrame.Plane(
                width: width, height: height, bytesPerRow: width, bytes: [UInt8](repeating: 60, count: width * height))
        ]
        for slopes in [(4, 2), (2, 6)] {
            let bytes = (0..<48).map { UInt8(60 + slopes.0 * ($0 % 8) + slopes.1 * ($0 / 8)) }
            planes.append(.init(width: 8, height: 6, bytesPerRow: 8, bytes: bytes))
        }
        let frame = VideoFrame(
            width: width, height: height, pixelFormat: .yuv420p8,
            color: ColorInfo(range: .full, chromaLocation: location), planes: planes, pts: .zero, duration: .zero)
        let codes = Tensor(yCbCr: frame) * 255 + 128
        for (plane, slopes) in [(1, (4.0, 2.0)), (2, (2.0, 6.0))] {
            for (y, x) in [(4, 5), (5, 6), (6, 7), (7, 8)] {
                let column = (Double(x) - 0.5 - siting.horizontal.offset) / 2
                let row = (Double(y) - 0.5 - siting.vertical.offset) / 2
                let expected = 60 + slopes.0 * column + slopes.1 * row
                let value = Double(codes[0, plane, y, x].item())
                #expect(abs(value - expected) < 1e-3, "\(location) plane \(plane) at \(x), \(y)")
            }
        }
    }

    @Test func aLargerFrameKeepsTheRest() {
        let color = ColorInfo(matrix: .bt709, range: .limited, chromaLocation: .left)
        let frame = VideoFrameTensorTests.frame(.yuv420p10, width: 32, height: 18, color: color)
        let larger = Self.format(PixelFormat(.s422, bitDepth: 8), 66, 37, ColorInfo(range: .full))
        let made = VideoFrame(yCbCr: Tensor.full([1, 3, 37, 66], 0.25), format: larger, like: frame)
        #expect(made.width == 66 && made.height == 37 && made.pixelFormat == larger.pixelFormat)
        #expect(made.pts == frame.pts && made.duration == frame.duration && made.index == 17 && made.isKey)
        #expect(made.color == color && made.closedCaptions == [1, 2, 3])
        #expect(Set(made.planes[0].bytes) == [71])  // 16 + 0.25 · 219 = 70.75
        #expect(Set(made.planes[1].bytes) == [184] && made.planes[2].width == 33)
    }

    @Test func whatIsBeyondTheCodesIsLimited() {
        let color = ColorInfo(range: .limited)
        let frame = VideoFrameTensorTests.frame(.yuv420p8, width: 8, height: 8, color: color)
        let numbers = [Float](repeating: -9, count: 64) + [Float](repeating: 9, count: 128)
        let made = VideoFrame(
            yCbCr: Tensor(numbers, shape: [1, 3, 8, 8]), format: Self.format(.yuv420p8, 8, 8, color), like: frame)
        #expect(Set(made.planes[0].bytes) == [1] && Set(made.planes[1].bytes) == [254])
    }

    @Test func aTensorOfAnotherSizeTraps() async {
        await #expect(processExitsWith: .failure) {
            let color = ColorInfo(range: .limited)
            let frame = VideoFrameTensorTests.frame(.yuv420p8, width: 8, height: 8, color: color)
            let format = VideoFormat(
                width: 8, height: 8, pixelFormat: .yuv420p8, color: color, timeBase: Rational(1, 25))
            _ = VideoFrame(yCbCr: Tensor.zeros([1, 3, 8, 9]), format: format, like: frame)
        }
    }
}
