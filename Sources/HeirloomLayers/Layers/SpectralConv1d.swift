public import HeirloomTensors

/// A pointwise one-dimensional convolution without bias, divided by an estimate of its largest singular value as
/// ``SpectralConv2d`` is.
///
/// - Shape: `[N, C, L]` → `[N, O, L]`.
public final class SpectralConv1d: Module, UnaryLayer {
    /// The weight before the division `[O, C, 1]`.
    @Parameter(key: "weight_orig") public var weight: Tensor
    /// Left singular vector `[O]`.
    @Buffer(key: "weight_u") public var left: Tensor
    /// Right singular vector `[C]`.
    @Buffer(key: "weight_v") public var right: Tensor

    /// Creates the layer.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(
        inputChannels: Int, outputChannels: Int, initializer: Initializer = .kaimingNormal, using generator: Generator?
    ) {
        let shape = [outputChannels, inputChannels, 1]
        super.init()
        weight = initializer(shape, using: generator)
        (left, right) = SpectralNorm.vectors(shape, using: generator)
    }

    /// The convolution with the divided weight.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        if isTraining { SpectralNorm.iterate(weight, left: left, right: right) }
        return x.conv1d(normalizedWeight)
    }

    /// The divided weight.
    public var normalizedWeight: Tensor { SpectralNorm.divided(weight, left: left, right: right) }
}
