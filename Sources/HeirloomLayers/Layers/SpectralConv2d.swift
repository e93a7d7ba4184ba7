public import HeirloomTensors

/// A convolution whose weight is divided by an estimate of its largest singular value (Miyato 2018), with the names and the
/// arithmetic of PyTorch's legacy `spectral_norm`.
///
/// In training every forward pass first improves the estimate by one power iteration, without gradients; in inference
/// the stored vectors are used as they are.
/// - Shape: `[N, C, H, W]` → `[N, O, H', W']`.
public final class SpectralConv2d: Module, WeightFolding {
    /// The weight before the division `[O, C, kh, kw]`.
    @Parameter(key: "weight_orig") public var weight: Tensor
    /// `[O]`.
    @Parameter public var bias: Tensor?
    /// Left singular vector `[O]`.
    @Buffer(key: "weight_u") public var left: Tensor
    /// Right singular vector `[C·kh·kw]`.
    @Buffer(key: "weight_v") public var right: Tensor

    /// Step of the kernel.
    public let stride: Int
    /// Zeros on all sides.
    public let padding: Int

    /// Creates the layer.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(
        inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias: Bool = true,
        initializer: Initializer = .kaimingUniform, using generator: Generator?
    ) {
        let shape = [outputChannels, inputChannels, kernel, kernel]
        self.stride = stride
        self.padding = padding
        super.init()
        weight = initializer(shape, using: generator)
        self.bias = bias ? initializer.bias(forWeight: shape, using: generator) : nil
        (left, right) = SpectralNorm.vectors(shape, using: generator)
    }

    /// The convolution with the divided weight.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        if isTraining { SpectralNorm.iterate(weight, left: left, right: right) }
        return x.conv2d(normalizedWeight, bias: bias, stride: (stride, stride), padding: (padding, padding))
    }

    /// The divided weight. Gradients flow through the weight and through the singular value, not through the vectors.
    public var normalizedWeight: Tensor { SpectralNorm.divided(weight, left: left, right: right) }

    /// A plain convolution with the same output in inference.
    public func folded() -> Conv2d {
        withoutGradients {
            Conv2d(
                weight: normalizedWeight, bias: bias?.copied(), stride: [stride, stride], padding: .zeros(padding))
        }
    }
}
