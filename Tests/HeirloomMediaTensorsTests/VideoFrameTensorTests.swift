import HeirloomMedia
import HeirloomMediaTensors
import HeirloomTensors
import TestSupport
import Testing

@Suite struct VideoFrameTensorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let format: PixelFormat
        let matrix: ColorInfo.Matrix
        let range: ColorInfo.Range
        var testDescription: String { "\(format) matrix \(matrix.rawValue) \(range)" }
    }

    static let cases: [Case] = [8, 10, 12].flatMap { depth in
        PixelFormat.Chroma.allCases.filter { $0 != .grey }.flatMap { chroma in
            [ColorInfo.Matrix.bt601Lines525, .bt709, .bt2020].flatMap { matrix in
                [ColorInfo.Range.limited, .full].map { range in
                    Case(format: PixelFormat(chroma, bitDepth: depth), matrix: matrix, range: range)
                }
            }
        }
    }

    /// A frame whose planes run through all codes.
    static func frame(
        _ format: PixelFormat, width: Int, height: Int, color: ColorInfo, padding: Int = 0
    ) -> VideoFrame {
        let planes = (0..<format.planeCount).map { number in
            let size = format.planeSize(number, width: width, height: height)
            let row = size.width * format.bytesPerSample + padding
            var bytes = [UInt8](repeating: 0xAA, count: row * size.height)
            for y in 0..<size.height {
                for x in 0..<size.width {
                    let code = ((y * size.width + x) * 7 + number * 13) & format.maximum
                    let place = y * row + x * format.bytesPerSample
                    bytes[place] = UInt8(code & 255)
                    if format.bytesPerSample == 2 { bytes[place + 1] = UInt8(code >> 8) }
                }
            }
            return VideoFrame.Plane(width: size.width, height: size.height, bytesPerRow: row, bytes: bytes)
        }
        return VideoFrame(
            width: width, height: height, pixelFormat: format, color: color, planes: planes,
            pts: MediaTime(41, Rational(1, 1001)), duration: MediaTime(2, Rational(1, 1001)), isKey: true, index: 17,
            closedCaptions: [1, 2, 3])
    }

    static func codes(_ plane: VideoFrame.Plane, _ format: PixelFormat) -> [Int] {
        (0..<plane.height).flatMap { y in
            (0..<plane.width).map { x in
                let place = y * plane.bytesPerRow + x * format.bytesPerSample
                return Int(plane.bytes[place]) + (format.bytesPerSample == 2 ? Int(plane.bytes[place + 1]) << 8 : 0)
            }
        }
    }

    @Test(arguments: cases)
    func chromaThereAndBackIsTheIdentity(_ test: Case) {
        let color = ColorInfo(matrix: test.matrix, range: test.range, chromaLocation: .left)
        let frame = Self.frame(test.format, width: 46, height: 30, color: color, padding: 6)
        let again = VideoFrame(chroma: Tensor(chroma: frame), over: frame)
        let scale = SampleScale.chroma(of: test.format, range: test.range)
        for plane in 1...2 {
            let before = Self.codes(frame.planes[plane], test.format)
            let after = Self.codes(again.planes[plane], test.format)
            let limited = before.map { min(max($0, Int(scale.lowest)), Int(scale.highest)) }
            #expect(zip(limited, after).allSatisfy { abs($0 - $1) <= 1 })
            // Rounding to nearest gives exactly the code that was there.
            #expect(limited == after)
        }
    }

    @Test(arguments: cases)
    func lumaIsScaledByRangeAndDepth(_ test: Case) {
        let color = ColorInfo(matrix: test.matrix, range: test.range)
        let frame = Self.frame(test.format, width: 64, height: 40, color: color, padding: 10)
        let luma = Tensor(luma: frame)
        #expect(luma.shape == [1, 1, 40, 64])
        let step = Double(1 << (test.format.bitDepth - 8))
        let expected = Self.codes(frame.planes[0], test.format).map { code in
            test.range == .full
                ? Float(Double(code) / Double(test.format.maximum)) : Float((Double(code) - 16 * step) / (219 * step))
        }
        expectClose(luma, Tensor(expected, shape: [1, 1, 40, 64]), absolute: 2e-6)
    }

    @Test(arguments: [8, 10])
    func lumaIsSharedAndEverythingElseKept(depth: Int) {
        let color = ColorInfo(matrix: .bt709, range: .limited, chromaLocation: .left)
        let frame = Self.frame(PixelFormat(.s420, bitDepth: depth), width: 32, height: 18, color: color)
        let colored = VideoFrame(chroma: Tensor.full([1, 2, 9, 16], 0.1), over: frame)
        let same = frame.planes[0].bytes.withUnsafeBytes { a in
            colored.planes[0].bytes.withUnsafeBytes { b in a.baseAddress == b.baseAddress }
        }
        #expect(same, "the luma plane is the same memory, not a copy")
        #expect(colored.pts == frame.pts && colored.duration == frame.duration && colored.index == 17)
        #expect(colored.color == color && colored.closedCaptions == [1, 2, 3] && colored.isKey)
        // 0.1 · 224 = 22.4 in 8 bits, 89.6 in 10.
        let expected = depth == 8 ? 128 + 22 : 512 + 90
        #expect(Self.codes(colored.planes[1], colored.pixelFormat).allSatisfy { $0 == expected })
    }

    @Test func extremesStayInTheNominalRange() {
        let frame = Self.frame(.yuv420p8, width: 8, height: 8, color: ColorInfo(range: .limited))
        let colored = VideoFrame(
            chroma: Tensor([Float](repeating: 9, count: 16) + [Float](repeating: -9, count: 16), shape: [1, 2, 4, 4]),
            over: frame)
        #expect(Set(colored.planes[1].bytes) == [240] && Set(colored.planes[2].bytes) == [16])
    }

    @Test(arguments: [(8, 6, PixelFormat.Chroma.s420), (7, 6, .s444), (1, 1, .s444)])
    func greyGetsChroma(width: Int, height: Int, chroma: PixelFormat.Chroma) {
        let frame = Self.frame(PixelFormat(.grey), width: width, height: height, color: ColorInfo(range: .full))
        let format = frame.pixelFormat.colored(width: width, height: height)
        #expect(format.chroma == chroma)
        let size = format.planeSize(1, width: width, height: height)
        let colored = VideoFrame(chroma: Tensor.zeros([1, 2, size.height, size.width]), over: frame)
        #expect(colored.pixelFormat == format && Set(colored.planes[1].bytes + colored.planes[2].bytes) == [128])
        #expect(colored.planes[0].bytes == frame.planes[0].bytes)
    }

    @Test(arguments: [ColorInfo.ChromaLocation.left, .center, .topLeft, .bottomLeft, .top, .bottom])
    func lumaAtChromaSitsWhereItShould(location: ColorInfo.ChromaLocation) {
        // On a plane x + 10 y the weighted mean is the value at the site itself.
        let (width, height) = (12, 8)
        let bytes = (0..<width * height).map { UInt8($0 % width + 10 * ($0 / width)) }
        let frame = VideoFrame(
            width: width, height: height, pixelFormat: PixelFormat(.grey),
            color: ColorInfo(range: .full, chromaLocation: location),
            planes: [.init(width: width, height: height, bytesPerRow: width, bytes: bytes)], pts: .zero, duration: .zero
        )
        let luma = Tensor(lumaAtChroma: frame, of: .yuv420p8) * 255
        #expect(luma.shape == [1, 1, 4, 6])
        let left: [ColorInfo.ChromaLocation] = [.left, .topLeft, .bottomLeft]
        let top: [ColorInfo.ChromaLocation] = [.topLeft, .top]
        let bottom: [ColorInfo.ChromaLocation] = [.bottomLeft, .bottom]
        let x: Float = left.contains(location) ? 0 : 0.5
        let y: Float = top.contains(location) ? 0 : bottom.contains(location) ? 1 : 0.5
        let inside = luma[0, 0, 1..<3, 1..<5]
        let expected: [Float] = (1..<3).flatMap { row in
            (1..<5).map { column in 2 * Float(column) + x + 10 * (2 * Float(row) + y) }
        }
        expectClose(inside, Tensor(expected, shape: [2, 4]), absolute: 1e-3)
    }
}
