import HeirloomMedia
import HeirloomMediaTensors
import HeirloomTensors
import TestSupport
import Testing

/// The loops that prepare and paint frames, against the same in tensors.
@Suite struct PainterTests {
    @Test(
        arguments: [
            (64, 48, 40, 30), (128, 96, 30, 22), (131, 97, 30, 22), (20, 12, 33, 21), (1, 1, 32, 32), (3, 7, 32, 75),
        ], [8, 10])
    func reducingHalvesThenInterpolates(size: (Int, Int, Int, Int), depth: Int) {
        let (width, height, small, low) = size
        let frame = VideoFrameTensorTests.frame(
            PixelFormat(.grey, bitDepth: depth), width: width, height: height, color: ColorInfo(range: .full),
            padding: 6)
        let reducer = LumaReducer(
            width: small, height: low, paddedWidth: (small + 31) / 32 * 32, paddedHeight: (low + 31) / 32 * 32)
        let numbers = Tensor(reducer(frame), shape: [1, 1, reducer.paddedHeight, reducer.paddedWidth])
        var expected = Tensor(luma: frame)
        while expected.shape[2] >= 2 * low && expected.shape[3] >= 2 * small {
            let even = expected[
                TensorIndex.all, TensorIndex.all, 0..<expected.shape[2] / 2 * 2, 0..<expected.shape[3] / 2 * 2]
            expected = even.meanPooled(kernel: 2, stride: 2)
        }
        expected = expected.resized(height: low, width: small)
        expectClose(numbers[TensorIndex.all, TensorIndex.all, 0..<low, 0..<small], expected, absolute: 1e-5)
        // Mirrored margins.
        if reducer.paddedWidth > small && small > 1 {
            expectEqual(numbers[0, 0, 0..<low, small], numbers[0, 0, 0..<low, small - 2])
        }
        if reducer.paddedHeight > low && low > 1 {
            expectEqual(numbers[0, 0, low], numbers[0, 0, low - 2])
        }
    }

    @Test func codesOutsideTheRangeAreLimited() {
        let frame = VideoFrameTensorTests.frame(.yuv420p8, width: 32, height: 32, color: ColorInfo(range: .limited))
        let numbers = LumaReducer(width: 32, height: 32, paddedWidth: 32, paddedHeight: 32)(frame)
        #expect(numbers.min() == 0 && numbers.max() == 1)
    }

    private func bearing(_ luma: Tensor) -> Tensor {
        let rising = ((luma - 0.05) * (1 / 0.1)).clamped(to: 0...1)
        return rising * (2 - rising) * ((1.0 - luma) * (1 / 0.1)).clamped(to: 0...1)
    }

    @Test(arguments: PixelFormat.Chroma.allCases.filter { $0 != .grey }, [8, 10])
    func paintingEqualsTheSameInTensors(chroma: PixelFormat.Chroma, depth: Int) {
        let (width, height, mapWidth, mapHeight, mapStride) = (48, 36, 21, 16, 32)
        for (range, location) in [(ColorInfo.Range.limited, ColorInfo.ChromaLocation.center), (.full, .center)] {
            let color = ColorInfo(matrix: .bt709, range: range, chromaLocation: location)
            let format = PixelFormat(chroma, bitDepth: depth)
            let frame = VideoFrameTensorTests.frame(format, width: width, height: height, color: color)
            let film = VideoFormat(
                width: width, height: height, pixelFormat: format, color: color, timeBase: Rational(1, 25))
            let maps = Tensor.uniform([1, 4, mapHeight, mapStride], from: -0.4, to: 0.4, using: Generator(seed: 4))
            let matrix = [[0.9, 0.1], [-0.2, 1.1]]
            let painter = ChromaPainter(
                format: film, mapWidth: mapWidth, mapHeight: mapHeight, mapStride: mapStride, matrix: matrix,
                bearing: .init(dark: 0.05...0.15, bright: 0.9...1))
            let painted = painter.paint(maps.floats, over: frame)
            let size = format.planeSize(1, width: width, height: height)
            let luma = Tensor(lumaAtChroma: frame, of: format)
            let wide = maps[TensorIndex.all, TensorIndex.all, TensorIndex.all, 0..<mapWidth].resized(
                height: size.height, width: size.width)
            let plain = (wide[TensorIndex.all, 0..<2] * luma + wide[TensorIndex.all, 2..<4]) * bearing(luma)
            let (cb, cr) = (plain[TensorIndex.all, 0..<1], plain[TensorIndex.all, 1..<2])
            let mixed = concatenated([cb * 0.9 + cr * 0.1, cb * -0.2 + cr * 1.1], axis: 1)
            let expected = VideoFrame(chroma: mixed, over: frame)
            for plane in 1...2 {
                let a = VideoFrameTensorTests.codes(painted.planes[plane], format)
                let b = VideoFrameTensorTests.codes(expected.planes[plane], format)
                // Sums in another order: now and then a value falls on the other side of a half.
                #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1 })
                #expect(zip(a, b).count { $0 != $1 } < a.count / 50)
            }
        }
    }

    @Test(arguments: [
        (ColorInfo.ChromaLocation.left, 0.0, 0.5), (.center, 0.5, 0.5), (.topLeft, 0, 0), (.bottom, 0.5, 1),
    ])
    func mapsAreReadWhereChromaSits(location: ColorInfo.ChromaLocation, x: Double, y: Double) {
        // An intercept that grows by a hundredth of a map sample across and down shows where it was read.
        let (width, height) = (32, 32)
        let color = ColorInfo(range: .full, chromaLocation: location)
        let film = VideoFormat(
            width: width, height: height, pixelFormat: PixelFormat(.s420, bitDepth: 12), color: color,
            timeBase: Rational(1, 25))
        let middle = [UInt8](repeating: 8, count: width * height * 2)  // 2056 of 4095
        let frame = VideoFrame(
            width: width, height: height, pixelFormat: PixelFormat(.grey, bitDepth: 12), color: color,
            planes: [.init(width: width, height: height, bytesPerRow: width * 2, bytes: middle)], pts: .zero,
            duration: .zero)
        let zeros = [Float](repeating: 0, count: 256)
        let across = (0..<256).map { Float($0 % 16) * 0.01 }
        let down = (0..<256).map { Float($0 / 16) * 0.01 }
        let painted = ChromaPainter(
            format: film, mapWidth: 16, mapHeight: 16, mapStride: 16, matrix: [[1, 0], [0, 1]],
            bearing: .init(dark: 0...0.1, bright: 0.9...1)
        ).paint(zeros + zeros + across + down, over: frame)
        let cb = VideoFrameTensorTests.codes(painted.planes[1], film.pixelFormat)
        let cr = VideoFrameTensorTests.codes(painted.planes[2], film.pixelFormat)
        // Chroma sample (5, 7) sits at luma 10 + x across, 14 + y down; a map sample covers two of luma.
        #expect(abs(Double(cb[7 * 16 + 5] - 2048) / 4095 - ((10 + x + 0.5) / 2 - 0.5) * 0.01) < 3e-4)
        #expect(abs(Double(cr[7 * 16 + 5] - 2048) / 4095 - ((14 + y + 0.5) / 2 - 0.5) * 0.01) < 3e-4)
    }

    @Test(arguments: [(3, 7, PixelFormat.Chroma.s420), (1, 1, .s420), (5, 4, .s422)])
    func oddPlanesArePainted(width: Int, height: Int, chroma: PixelFormat.Chroma) {
        let color = ColorInfo(range: .limited, chromaLocation: .left)
        let format = PixelFormat(chroma)
        let frame = VideoFrameTensorTests.frame(format, width: width, height: height, color: color)
        let film = VideoFormat(
            width: width, height: height, pixelFormat: format, color: color, timeBase: Rational(1, 25))
        let painted = ChromaPainter(
            format: film, mapWidth: 8, mapHeight: 8, mapStride: 8, matrix: [[1, 0], [0, 1]],
            bearing: .init(dark: -2 ... -1, bright: 2...3)
        ).paint([Float](repeating: 0, count: 128) + [Float](repeating: 0.1, count: 128), over: frame)
        #expect(Set(painted.planes[1].bytes) == [150] && Set(painted.planes[2].bytes) == [150])
        #expect(painted.planes[0].bytes == frame.planes[0].bytes)
    }
}
