public import HeirloomTensors

/// How DeOldify's own program colours a still picture, step by step and bit by bit, but for its watermark.
///
/// The picture is squeezed into a square of `16 · renderFactor` pixels, made grey, coloured, stretched back, and its
/// colour differences are put over the original's luma, all in 8 bits. `heirloom colorize` keeps 16 bits and the luma as
/// it is; this is for the original's answer digit for digit.
public struct OriginalColorizing: Hashable, Sendable {
    /// Side of the square that the network sees, in units of 16 pixels.
    public var renderFactor: Int
    /// Whether the source's luma is kept; without, the network's own picture is the result.
    public var keepsLuma: Bool
    /// Where the network computes.
    public var device: Device
    /// The element type that the network takes and gives.
    public var dtype: DType

    /// What the original's program starts with for photographs.
    public static let stillRenderFactor = 35
    /// What the original's program starts with for films.
    public static let filmRenderFactor = 21
    /// The factors that may be asked for; the original offers 7 to 40, and above 45 there is little to gain.
    public static let renderFactors = 4...64

    /// The steps of a picture on its way, uint8 `[H, W, 3]` each.
    public struct Steps {
        /// The grey square that the network sees.
        public let input: Tensor
        /// The square in colour.
        public let output: Tensor
        /// That at the source's size.
        public let resized: Tensor
        /// With the source's luma.
        public let result: Tensor
    }

    /// Describes a run.
    /// - Precondition: The factor is one of ``renderFactors``.
    public init(
        renderFactor: Int = stillRenderFactor, keepsLuma: Bool = true, device: Device = .cpu, dtype: DType = .float32
    ) {
        precondition(
            Self.renderFactors.contains(renderFactor), "a render factor of \(renderFactor), not \(Self.renderFactors)")
        self.renderFactor = renderFactor
        self.keepsLuma = keepsLuma
        self.device = device
        self.dtype = dtype
    }

    /// A picture in colour.
    /// - Shape: uint8 `[H, W, 3]` → the same.
    /// - Parameter network: On the device and of the element type of this run, in inference mode.
    public func callAsFunction(_ picture: Tensor, by network: DeOldifyGenerator) -> Tensor {
        steps(picture, by: network).result
    }

    /// The same with what lies in between.
    public func steps(_ picture: Tensor, by network: DeOldifyGenerator) -> Steps {
        let shape = picture.shape
        precondition(
            shape.count == 3 && shape[2] == 3 && picture.dtype == .uint8,
            "OriginalColorizing of \(picture.summary): expected uint8 [H, W, 3]")
        let source: [UInt8] = picture.scalars()
        let (size, side) = ((width: shape[1], height: shape[0]), 16 * renderFactor)
        let square = (width: side, height: side)
        let seen = Self.grey(PillowBilinear.resized(source, channels: 3, size: size, to: square))
        let input = Tensor(seen, shape: [side, side, 3])
        let output = colored(input, by: network)
        let stretched = PillowBilinear.resized(output.scalars(), channels: 3, size: square, to: size)
        let result = keepsLuma ? Self.merged(luma: source, chroma: stretched) : stretched
        return Steps(
            input: input, output: output, resized: Tensor(stretched, shape: shape),
            result: Tensor(result, shape: shape))
    }

    /// The network's picture of a grey one: uint8 `[H, W, 3]` → the same, cut off and not rounded.
    private func colored(_ grey: Tensor, by network: DeOldifyGenerator) -> Tensor {
        let x = DeOldifyGenerator.normalized(grey.to(dtype: .float32).transposed([2, 0, 1]).unsqueezed(0) / 255)
        let y = network(x.to(dtype: dtype, device: device).contiguous()).to(dtype: .float32, device: .cpu)
        let rgb = DeOldifyGenerator.denormalized(y).clamped(to: 0...1) * 255
        return rgb.truncated().to(dtype: .uint8).squeezed(0).transposed([1, 2, 0]).contiguous()
    }

    /// Pillow's luma in all three channels.
    static func grey(_ samples: [UInt8]) -> [UInt8] {
        var result = samples
        for place in stride(from: 0, to: samples.count, by: 3) {
            let (r, g, b) = (Int(samples[place]), Int(samples[place + 1]), Int(samples[place + 2]))
            let luma = UInt8((19_595 * r + 38_470 * g + 7_471 * b + 32_768) >> 16)
            for channel in 0..<3 { result[place + channel] = luma }
        }
        return result
    }

    /// The luma of one picture with the colour differences of another, in OpenCV's 8-bit YUV.
    static func merged(luma: [UInt8], chroma: [UInt8]) -> [UInt8] {
        func scaled(_ x: Int) -> Int { (x + 8192) >> 14 }
        func clamped(_ x: Int) -> Int { min(max(x, 0), 255) }
        func brightness(_ r: Int, _ g: Int, _ b: Int) -> Int { clamped(scaled(4899 * r + 9617 * g + 1868 * b)) }
        var result = luma
        for place in stride(from: 0, to: luma.count, by: 3) {
            let (r, g, b) = (Int(chroma[place]), Int(chroma[place + 1]), Int(chroma[place + 2]))
            let own = brightness(r, g, b)
            let u = clamped(scaled(8061 * (b - own) + 128 * 16384)) - 128
            let v = clamped(scaled(14369 * (r - own) + 128 * 16384)) - 128
            let y = brightness(Int(luma[place]), Int(luma[place + 1]), Int(luma[place + 2]))
            result[place] = UInt8(clamped(y + scaled(18678 * v)))
            result[place + 1] = UInt8(clamped(y + scaled(-6472 * u - 9519 * v)))
            result[place + 2] = UInt8(clamped(y + scaled(33292 * u)))
        }
        return result
    }
}
