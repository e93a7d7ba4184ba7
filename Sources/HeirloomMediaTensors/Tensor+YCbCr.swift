public import HeirloomMedia
public import HeirloomTensors

extension Tensor {
    /// Luma and chroma of a frame at luma's size: chroma is interpolated linearly from where its samples sit.
    ///
    /// - Shape: `[1, 3, H, W]`, float32, on the CPU; Y, Cb, Cr of the frame's own matrix.
    /// - Range: Y 0...1 from black to white by the frame's range and depth, Cb and Cr −0.5...0.5; beyond for codes
    ///   outside the nominal range. A frame without chroma gives zeros.
    public convenience init(yCbCr frame: VideoFrame) {
        let size = frame.width * frame.height
        let numbers = [Float](unsafeUninitializedCapacity: 3 * size) { numbers, count in
            guard let base = numbers.baseAddress else { return }
            if frame.pixelFormat.bytesPerSample == 1 {
                Self.fill(base, from: frame, as: UInt8.self)
            } else {
                Self.fill(base, from: frame, as: UInt16.self)
            }
            count = 3 * size
        }
        self.init(numbers, shape: [1, 3, frame.height, frame.width])
    }

    private static func fill<Sample: FixedWidthInteger & UnsignedInteger>(
        _ numbers: UnsafeMutablePointer<Float>, from frame: VideoFrame, as type: Sample.Type
    ) {
        let (width, height, format) = (frame.width, frame.height, frame.pixelFormat)
        let scale = SampleScale.luma(of: format, range: frame.color.range)
        let factor = 1 / scale.span
        let luma = frame.planes[0]
        luma.bytes.withUnsafeBytes { bytes in
            guard let bytes = bytes.baseAddress else { return }
            for row in 0..<height {
                SampleRows.read(
                    (bytes + row * luma.bytesPerRow).assumingMemoryBound(to: Sample.self), count: width, scale: factor,
                    offset: -scale.zero * factor, into: numbers + row * width)
            }
        }
        guard format.chroma != .grey else {
            (numbers + width * height).initialize(repeating: 0, count: 2 * width * height)
            return
        }
        let chroma = ChromaPlane(format, frame.color.chromaLocation, width: width, height: height)
        for plane in 1...2 {
            chroma.enlarge(
                frame.planes[plane], as: type, SampleScale.chroma(of: format, range: frame.color.range),
                into: numbers + plane * width * height)
        }
    }
}
