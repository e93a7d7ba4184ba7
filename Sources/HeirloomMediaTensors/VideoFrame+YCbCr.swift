public import HeirloomMedia
public import HeirloomTensors

extension VideoFrame {
    /// A frame of new samples, and of another size if need be, with everything else as in another frame: time, index,
    /// flags, captions and the meaning of its colours.
    ///
    /// Rounded to the nearest code value, halves to even, and limited to the codes that video may use, the room below
    /// black and above white included. Chroma goes down by a filter that inverts the interpolation of
    /// `Tensor(yCbCr:)`, so that a frame there and back stays as it is.
    ///
    /// - Parameters:
    ///   - yCbCr: luma 0...1, blue and red difference −0.5...0.5. Shape `[1, 3, H, W]`.
    ///   - format: the size and the pixel format of the result; a grey one takes luma alone.
    ///   - frame: everything else.
    /// - Precondition: the tensor has the format's size.
    public init(yCbCr: Tensor, format: VideoFormat, like frame: VideoFrame) {
        precondition(
            yCbCr.isDefined && yCbCr.shape == [1, 3, format.height, format.width],
            "\(yCbCr.summary) does not fit a film of \(format.width)×\(format.height)")
        let numbers = yCbCr.detached().to(dtype: .float32, device: .cpu).contiguous()
        let range = frame.color.range
        let location = frame.color.chromaLocation
        let planes = numbers.withUnsafeBytes { bytes -> [Plane] in
            guard let base = bytes.baseAddress?.assumingMemoryBound(to: Float.self) else { return [] }
            return format.pixelFormat.bytesPerSample == 1
                ? Self.planes(base, format, range, location, as: UInt8.self)
                : Self.planes(base, format, range, location, as: UInt16.self)
        }
        self = frame.replacing(
            width: format.width, height: format.height, pixelFormat: format.pixelFormat, planes: planes)
    }

    private static func planes<Sample: FixedWidthInteger & UnsignedInteger>(
        _ numbers: UnsafePointer<Float>, _ format: VideoFormat, _ range: ColorInfo.Range,
        _ location: ColorInfo.ChromaLocation, as type: Sample.Type
    ) -> [Plane] {
        let (width, height, layout) = (format.width, format.height, format.pixelFormat)
        let luma = SampleScale.luma(of: layout, range: range)
        // Sources use the room beyond the nominal range of chroma too, and it shall survive.
        let chroma = SampleScale.chroma(of: layout, range: range).limited(like: luma)
        return (0..<layout.planeCount).map { number in
            ChromaPlane(number == 0 ? layout.with(chroma: .s444) : layout, location, width: width, height: height)
                .reduce(numbers + number * width * height, as: type, number == 0 ? luma : chroma)
        }
    }
}

extension SampleScale {
    /// The same scale with the limits of another.
    fileprivate func limited(like other: SampleScale) -> SampleScale {
        SampleScale(zero: zero, span: span, lowest: other.lowest, highest: other.highest)
    }
}
