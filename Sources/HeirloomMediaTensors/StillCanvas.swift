public import HeirloomMedia
public import HeirloomTensors

/// A coloured picture in the making: filled band by band, so that only a band at a time is held as floats.
///
/// It has the size, depth, opacity and metadata of the picture it is made over.
public struct StillCanvas {
    private let source: StillImage
    private let channels: StillImage.Channels
    private var pixels: [UInt8]

    /// An empty picture like another, with three colours.
    public init(like source: StillImage) {
        self.source = source
        channels = source.channels.hasAlpha ? .rgba : .rgb
        pixels = [UInt8](repeating: 0, count: source.width * source.height * channels.count * source.depth.bytes)
    }

    /// Writes rows, rounded to the nearest code value; opacity is copied from the source.
    ///
    /// - Parameters:
    ///   - rgb: red, green and blue as coded, 0...1. Shape `[1, 3, rows, W]`, float32.
    ///   - top: the first row.
    /// - Precondition: the rows lie inside the picture.
    public mutating func write(rgb: Tensor, atRow top: Int) {
        let shape = rgb.shape
        precondition(
            rgb.isDefined && shape.count == 4 && shape[0] == 1 && shape[1] == 3 && shape[3] == source.width && top >= 0
                && top + shape[2] <= source.height,
            "\(rgb.summary) does not fit a picture of \(source.width)×\(source.height) at row \(top)")
        let numbers = rgb.detached().to(dtype: .float32, device: .cpu).contiguous()
        switch source.depth {
        case .eight: write(numbers, as: UInt8.self, rows: top..<top + shape[2])
        case .sixteen: write(numbers, as: UInt16.self, rows: top..<top + shape[2])
        }
    }

    /// The picture; rows never written are black.
    public consuming func finish() -> StillImage {
        source.replacingPixels(channels: channels, depth: source.depth, pixels: pixels)
    }

    private mutating func write<Sample: FixedWidthInteger & UnsignedInteger>(
        _ numbers: Tensor, as type: Sample.Type, rows: Range<Int>
    ) {
        let (width, step, sourceStep) = (source.width, channels.count, source.channels.count)
        let count = rows.count * width
        let maximum = Float(source.depth.maximum)
        let hasAlpha = channels.hasAlpha
        numbers.withUnsafeBytes { floats in
            pixels.withUnsafeMutableBytes { target in
                source.pixels.withUnsafeBytes { original in
                    guard let floats = floats.baseAddress, let target = target.baseAddress,
                        let original = original.baseAddress
                    else { return }
                    let bytes = MemoryLayout<Sample>.stride
                    let output = (target + rows.lowerBound * width * step * bytes)
                        .assumingMemoryBound(to: Sample.self)
                    for channel in 0..<3 {
                        SampleRows.write(
                            floats.assumingMemoryBound(to: Float.self) + channel * count, count: count, scale: maximum,
                            offset: 0, lowest: 0, highest: maximum, into: output + channel, stride: step)
                    }
                    guard hasAlpha else { return }
                    let input = (original + rows.lowerBound * width * sourceStep * bytes)
                        .assumingMemoryBound(to: Sample.self)
                    for pixel in 0..<count {
                        output[pixel &* step &+ 3] = input[pixel &* sourceStep &+ sourceStep &- 1]
                    }
                }
            }
        }
    }
}
