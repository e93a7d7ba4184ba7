public import HeirloomMedia
public import HeirloomTensors

extension PixelFormat {
    /// The layout of a frame of this layout once it has colour: chroma planes stay as they are; grey becomes 4:2:0, or
    /// 4:4:4 where a side is odd and pairs of samples would not come out even.
    public func colored(width: Int, height: Int) -> PixelFormat {
        guard chroma == .grey else { return self }
        return with(chroma: width % 2 == 0 && height % 2 == 0 ? .s420 : .s444)
    }
}

extension VideoFrame {
    /// A frame with new chroma and everything else as in another: the same luma samples (the same buffer, not a copy),
    /// time, flags and colour description.
    ///
    /// - Parameters:
    ///   - chroma: blue and red difference in the frame's matrix, −0.5...0.5, rounded to the nearest code value and
    ///     limited to the codes of the frame's range. Shape `[1, 2, H', W']` or `[2, H', W']`, float32, on the CPU.
    ///   - frame: what is coloured; its own chroma is dropped.
    /// - Precondition: the size is that of the chroma planes of the frame's ``HeirloomMedia/PixelFormat`` once coloured.
    public init(chroma: Tensor, over frame: VideoFrame) {
        let format = frame.pixelFormat.colored(width: frame.width, height: frame.height)
        let size = format.planeSize(1, width: frame.width, height: frame.height)
        precondition(
            chroma.isDefined && chroma.count == 2 * size.width * size.height
                && Array(chroma.shape.suffix(3)) == [2, size.height, size.width],
            "chroma \(chroma.summary) does not fit planes of \(size.width)×\(size.height)")
        let scale = SampleScale.chroma(of: format, range: frame.color.range)
        let numbers = chroma.detached().to(dtype: .float32, device: .cpu).contiguous()
        let planes = numbers.withUnsafeBytes { bytes in
            let floats = bytes.bindMemory(to: Float.self)
            return (0..<2).map { index in
                let part = UnsafeBufferPointer(rebasing: floats[(index * size.width * size.height)...])
                return format.bytesPerSample == 1
                    ? Self.plane(part, as: UInt8.self, size, scale) : Self.plane(part, as: UInt16.self, size, scale)
            }
        }
        self = frame.replacing(pixelFormat: format, planes: [frame.planes[0]] + planes)
    }

    private static func plane<Sample: FixedWidthInteger & UnsignedInteger>(
        _ numbers: UnsafeBufferPointer<Float>, as type: Sample.Type, _ size: (width: Int, height: Int),
        _ scale: SampleScale
    ) -> Plane {
        let count = size.width * size.height
        let length = count * MemoryLayout<Sample>.stride
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { bytes, initialized in
            if let numbers = numbers.baseAddress, let bytes = bytes.baseAddress {
                UnsafeMutableRawPointer(bytes).withMemoryRebound(to: Sample.self, capacity: count) {
                    SampleRows.write(
                        numbers, count: count, scale: scale.span, offset: scale.zero, lowest: scale.lowest,
                        highest: scale.highest, into: $0)
                }
            }
            initialized = length
        }
        return Plane(
            width: size.width, height: size.height, bytesPerRow: size.width * MemoryLayout<Sample>.stride, bytes: bytes)
    }
}
