public import HeirloomTensors

/// One-dimensional cross-correlation with zero padding.
///
/// - Shape: `[N, C, L]` → `[N, O, L']`.
public final class Conv1d: Module, UnaryLayer {
    /// `[O, C / groups, k]`.
    @Parameter public var weight: Tensor
    /// `[O]`.
    @Parameter public var bias: Tensor?

    /// Step in samples.
    public let stride: Int
    /// Zeros before and after.
    public let padding: Int
    /// Distance between kernel samples.
    public let dilation: Int
    /// Number of independent groups of channels.
    public let groups: Int

    /// Creates a convolution.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(
        inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
        groups: Int = 1, bias: Bool = true, initializer: Initializer = .kaimingUniform, using generator: Generator?
    ) {
        precondition(
            inputChannels % groups == 0 && outputChannels % groups == 0,
            "Conv1d \(inputChannels)→\(outputChannels), \(groups) groups")
        let shape = [outputChannels, inputChannels / groups, kernel]
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        weight = initializer(shape, using: generator)
        self.bias = bias ? initializer.bias(forWeight: shape, using: generator) : nil
    }

    /// The cross-correlation of the padded input with the weight.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.conv1d(weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
}
