public import HeirloomTensors

/// A matrix product with a bias, over the last axis.
///
/// - Shape: `[…, I]` → `[…, O]`.
public final class Linear: Module, UnaryLayer {
    /// `[O, I]`.
    @Parameter public var weight: Tensor
    /// `[O]`.
    @Parameter public var bias: Tensor?

    /// Creates a linear layer.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(
        inputs: Int, outputs: Int, bias: Bool = true, initializer: Initializer = .kaimingUniform,
        using generator: Generator?
    ) {
        weight = initializer([outputs, inputs], using: generator)
        self.bias = bias ? initializer.bias(forWeight: [outputs, inputs], using: generator) : nil
    }

    /// `x · weightᵀ + bias`.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight, bias: bias) }
}
