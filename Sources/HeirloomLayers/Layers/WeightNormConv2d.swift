public import HeirloomTensors

/// A convolution whose weight is a direction times a learned length for each output (Salimans 2016), with the names of
/// PyTorch's `weight_norm`.
///
/// - Shape: `[N, C, H, W]` → `[N, O, H', W']`.
public final class WeightNormConv2d: Module, WeightFolding {
    /// `[O]`.
    @Parameter public var bias: Tensor
    /// Length of each output's kernel `[O, 1, 1, 1]`.
    @Parameter(key: "weight_g") public var magnitude: Tensor
    /// Its direction, of any length `[O, C, kh, kw]`.
    @Parameter(key: "weight_v") public var direction: Tensor

    /// Zeros on all sides.
    public let padding: Int

    /// Creates the layer.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(
        inputChannels: Int, outputChannels: Int, kernel: Int, padding: Int = 0,
        initializer: Initializer = .kaimingNormal, using generator: Generator?
    ) {
        let shape = [outputChannels, inputChannels, kernel, kernel]
        self.padding = padding
        bias = .zeros([outputChannels])
        super.init()
        let first = initializer(shape, using: generator)
        magnitude = first.norm(axes: [1, 2, 3], keepingDimensions: true)
        direction = first
    }

    /// The convolution with the weight of the given lengths.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.conv2d(weight, bias: bias, padding: (padding, padding))
    }

    /// The weight `[O, C, kh, kw]`; gradients flow into lengths and directions.
    public var weight: Tensor {
        direction * (magnitude / direction.norm(axes: [1, 2, 3], keepingDimensions: true))
    }

    /// A plain convolution with the same output.
    public func folded() -> Conv2d {
        withoutGradients { Conv2d(weight: weight, bias: bias.copied(), padding: .zeros(padding)) }
    }
}
