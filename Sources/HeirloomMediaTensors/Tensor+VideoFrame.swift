public import HeirloomMedia
public import HeirloomTensors

extension Tensor {
    /// The luma of a frame.
    ///
    /// - Shape: `[1, 1, H, W]`, float32, on the CPU.
    /// - Range: 0...1 from black to white by the frame's range and depth; beyond for codes outside the nominal range.
    public convenience init(luma frame: VideoFrame) {
        let plane = frame.planes[0]
        let numbers = Self.numbers(
            of: plane, frame.pixelFormat, SampleScale.luma(of: frame.pixelFormat, range: frame.color.range))
        self.init(numbers, shape: [1, 1, plane.height, plane.width])
    }

    /// The chroma of a frame: blue and red difference of the frame's own matrix.
    ///
    /// - Shape: `[1, 2, H', W']`, float32, on the CPU; the size of the chroma planes.
    /// - Range: −0.5...0.5.
    /// - Precondition: the frame has chroma planes.
    public convenience init(chroma frame: VideoFrame) {
        precondition(frame.pixelFormat.planeCount == 3, "a grey frame has no chroma")
        let plane = frame.planes[1]
        let scale = SampleScale.chroma(of: frame.pixelFormat, range: frame.color.range)
        let numbers =
            Self.numbers(of: plane, frame.pixelFormat, scale)
            + Self.numbers(of: frame.planes[2], frame.pixelFormat, scale)
        self.init(numbers, shape: [1, 2, plane.height, plane.width])
    }

    /// The luma of a frame where its chroma samples sit, or will sit once it is coloured.
    ///
    /// Weighted means of the neighbouring luma samples by the chroma location, so that chroma computed from it fits.
    /// - Parameter format: the layout of the coloured frame; of the same bit depth as the frame's.
    /// - Shape: `[1, 1, H', W']`, float32, on the CPU; the size of the format's chroma planes.
    /// - Range: 0...1 as for ``init(luma:)``.
    /// - Precondition: the format has chroma planes.
    public convenience init(lumaAtChroma frame: VideoFrame, of format: PixelFormat) {
        let size = format.planeSize(1, width: frame.width, height: frame.height)
        let siting = ChromaSiting(format, frame.color.chromaLocation)
        let scale = SampleScale.luma(of: frame.pixelFormat, range: frame.color.range)
        let plane = frame.planes[0]
        let numbers: [Float]
        if siting.horizontal == .each && siting.vertical == .each {
            numbers = Self.numbers(of: plane, frame.pixelFormat, scale)
        } else if frame.pixelFormat.bytesPerSample == 1 {
            numbers = Self.sited(plane, as: UInt8.self, siting, size, scale)
        } else {
            numbers = Self.sited(plane, as: UInt16.self, siting, size, scale)
        }
        self.init(numbers, shape: [1, 1, size.height, size.width])
    }

    private static func numbers(of plane: VideoFrame.Plane, _ format: PixelFormat, _ scale: SampleScale) -> [Float] {
        format.bytesPerSample == 1
            ? numbers(of: plane, as: UInt8.self, scale) : numbers(of: plane, as: UInt16.self, scale)
    }

    private static func numbers<Sample: FixedWidthInteger & UnsignedInteger>(
        of plane: VideoFrame.Plane, as type: Sample.Type, _ scale: SampleScale
    ) -> [Float] {
        let factor = 1 / scale.span
        return [Float](unsafeUninitializedCapacity: plane.width * plane.height) { numbers, count in
            plane.bytes.withUnsafeBytes { bytes in
                guard let numbers = numbers.baseAddress, let bytes = bytes.baseAddress else { return }
                for row in 0..<plane.height {
                    SampleRows.read(
                        (bytes + row * plane.bytesPerRow).assumingMemoryBound(to: Sample.self), count: plane.width,
                        scale: factor, offset: -scale.zero * factor, into: numbers + row * plane.width)
                }
            }
            count = plane.width * plane.height
        }
    }

    private static func sited<Sample: FixedWidthInteger & UnsignedInteger>(
        _ plane: VideoFrame.Plane, as type: Sample.Type, _ siting: ChromaSiting, _ size: (width: Int, height: Int),
        _ scale: SampleScale
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: size.width * size.height) { numbers, count in
            SitedLuma(plane, as: type, siting, scale).withRows { fill in
                guard let numbers = numbers.baseAddress else { return }
                for row in 0..<size.height { fill(row, numbers + row * size.width, size.width) }
            }
            count = size.width * size.height
        }
    }
}
