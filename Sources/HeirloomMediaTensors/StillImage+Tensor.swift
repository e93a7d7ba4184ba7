public import HeirloomMedia
public import HeirloomTensors

extension Tensor {
    /// All channels of some rows of a picture, opacity included: code values over 255 or 65535.
    ///
    /// - Parameter rows: which rows; all when nil.
    /// - Shape: `[1, C, rows, W]`, float32, on the CPU; C is 1 for grey, 2 with opacity, 3 for RGB, 4 with opacity.
    /// - Range: 0...1.
    public convenience init(samples image: StillImage, rows: Range<Int>? = nil) {
        let rows = image.checked(rows)
        let count = image.channels.count
        let mixes = (0..<count).map { channel in (0..<count).map { $0 == channel ? Float(1) : 0 } }
        self.init(image.numbers(rows: rows, mixes: mixes), shape: [1, count, rows.count, image.width])
    }
}

extension StillImage {
    /// A picture, or a strip of one, from its channels; rounded to the nearest code value, halves to even.
    ///
    /// - Parameters:
    ///   - samples: 0...1, limited to that; 1 channel is grey, 2 grey and opacity, 3 RGB, 4 RGB and opacity. Shape
    ///     `[1, C, H, W]`.
    ///   - depth: bits per sample.
    /// - Precondition: there are 1...4 channels and at least one pixel.
    public init(
        samples: Tensor, depth: Depth, metadata: StillMetadata = StillMetadata(), format: StillFormat? = nil,
        notes: [String] = []
    ) {
        let shape = samples.shape
        guard samples.isDefined, shape.count == 4, shape[0] == 1, let channels = Channels(rawValue: shape[1]) else {
            preconditionFailure("\(samples.summary) is no picture of 1 to 4 channels")
        }
        let numbers = samples.detached().to(dtype: .float32, device: .cpu).contiguous()
        let pixels =
            depth == .eight
            ? Self.pixels(numbers, shape, as: UInt8.self, maximum: depth.maximum)
            : Self.pixels(numbers, shape, as: UInt16.self, maximum: depth.maximum)
        self.init(
            width: shape[3], height: shape[2], channels: channels, depth: depth, pixels: pixels, metadata: metadata,
            format: format, notes: notes)
    }

    private static func pixels<Sample: FixedWidthInteger & UnsignedInteger>(
        _ numbers: Tensor, _ shape: [Int], as type: Sample.Type, maximum: Int
    ) -> [UInt8] {
        let (channels, plane) = (shape[1], shape[2] * shape[3])
        let length = channels * plane * MemoryLayout<Sample>.stride
        return [UInt8](unsafeUninitializedCapacity: length) { bytes, count in
            numbers.withUnsafeBytes { floats in
                guard let floats = floats.baseAddress, let bytes = bytes.baseAddress else { return }
                let output = UnsafeMutableRawPointer(bytes).assumingMemoryBound(to: Sample.self)
                for channel in 0..<channels {
                    SampleRows.write(
                        floats.assumingMemoryBound(to: Float.self) + channel * plane, count: plane,
                        scale: Float(maximum), offset: 0, lowest: 0, highest: Float(maximum), into: output + channel,
                        stride: channels)
                }
            }
            count = length
        }
    }
}
