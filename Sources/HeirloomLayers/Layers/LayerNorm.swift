public import HeirloomTensors

/// Normalises over the last axes of each sample.
///
/// - Shape: `[…, sizes]` → the same.
public final class LayerNorm: Module, UnaryLayer {
    /// Scale, of the normalised axes' shape.
    @Parameter public var weight: Tensor
    /// Shift, of the normalised axes' shape.
    @Parameter public var bias: Tensor
    /// The sizes of the last axes.
    public let sizes: [Int]
    /// Added to the variance.
    public let epsilon: Double

    /// Creates a normalisation over the last axes, whose sizes are given.
    public init(sizes: [Int], epsilon: Double = 1e-5) {
        self.sizes = sizes
        self.epsilon = epsilon
        weight = .ones(sizes)
        bias = .zeros(sizes)
    }

    /// The normalised input.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.layerNormalized(shape: sizes, weight: weight, bias: bias, epsilon: epsilon)
    }
}
