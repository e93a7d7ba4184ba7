public import HeirloomTensors

/// The adjoint of a two-dimensional convolution: spreads every sample over a kernel.
///
/// - Shape: `[N, C, H, W]` → `[N, O, H', W']` with `H' = (H − 1)·stride − 2·padding + kernel + outputPadding`.
public final class ConvTransposed2d: Module, UnaryLayer {
    /// `[C, O / groups, kh, kw]`.
    @Parameter public var weight: Tensor
    /// `[O]`.
    @Parameter public var bias: Tensor?

    /// Distance of neighbouring input samples in the output.
    public let stride: [Int]
    /// Rows and columns cut off on each side.
    public let padding: [Int]
    /// Rows and columns added at the end.
    public let outputPadding: [Int]
    /// Number of independent groups of channels.
    public let groups: Int

    /// Creates a transposed convolution; kernel and the like have a vertical and a horizontal number.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(
        inputChannels: Int, outputChannels: Int, kernel: [Int], stride: [Int] = [1, 1], padding: [Int] = [0, 0],
        outputPadding: [Int] = [0, 0], groups: Int = 1, bias: Bool = true, initializer: Initializer = .kaimingUniform,
        using generator: Generator?
    ) {
        precondition(
            kernel.count == 2 && inputChannels % groups == 0 && outputChannels % groups == 0,
            "ConvTransposed2d \(inputChannels)→\(outputChannels), kernel \(kernel), \(groups) groups")
        let shape = [inputChannels, outputChannels / groups] + kernel
        self.stride = stride
        self.padding = padding
        self.outputPadding = outputPadding
        self.groups = groups
        weight = initializer(shape, using: generator)
        self.bias = bias ? initializer.bias(forWeight: shape, outputs: outputChannels, using: generator) : nil
    }

    /// The sum of the kernels weighted by the input.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.convTransposed2d(
            weight, bias: bias, stride: (stride[0], stride[1]), padding: (padding[0], padding[1]),
            outputPadding: (outputPadding[0], outputPadding[1]), groups: groups)
    }
}
