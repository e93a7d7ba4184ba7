public import HeirloomTensors

/// How much a two-dimensional convolution pads its input with zeros.
public enum ConvolutionPadding: Hashable, Sendable {
    /// The same number of rows above and below, of columns left and right.
    case zeros(vertical: Int, horizontal: Int)
    /// TensorFlow's SAME: the output has ⌈n / stride⌉ samples; of an odd total the larger part comes after.
    case same

    /// The same padding on all four sides.
    public static func zeros(_ count: Int) -> ConvolutionPadding { .zeros(vertical: count, horizontal: count) }
}

/// Two-dimensional cross-correlation.
///
/// - Shape: `[N, C, H, W]` → `[N, O, H', W']`.
public final class Conv2d: Module, UnaryLayer {
    /// `[O, C / groups, kh, kw]`.
    @Parameter public var weight: Tensor
    /// `[O]`.
    @Parameter public var bias: Tensor?

    /// Kernel height and width.
    public let kernel: [Int]
    /// Vertical and horizontal step.
    public let stride: [Int]
    /// Vertical and horizontal distance between kernel samples.
    public let dilation: [Int]
    /// Zeros around the input.
    public let padding: ConvolutionPadding
    /// Number of independent groups of channels.
    public let groups: Int

    /// Creates a convolution with a square kernel.
    /// - Parameters:
    ///   - initializer: Of the weight; the bias starts as PyTorch's does for the default, and at zero for any other.
    ///   - generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public convenience init(
        inputChannels: Int, outputChannels: Int, kernel: Int, stride: Int = 1, padding: ConvolutionPadding = .zeros(0),
        dilation: Int = 1, groups: Int = 1, bias: Bool = true, initializer: Initializer = .kaimingUniform,
        using generator: Generator?
    ) {
        self.init(
            inputChannels: inputChannels, outputChannels: outputChannels, kernel: [kernel, kernel],
            stride: [stride, stride], padding: padding, dilation: [dilation, dilation], groups: groups, bias: bias,
            initializer: initializer, using: generator)
    }

    /// Creates a convolution; kernel, stride and dilation have a vertical and a horizontal number.
    public convenience init(
        inputChannels: Int, outputChannels: Int, kernel: [Int], stride: [Int] = [1, 1],
        padding: ConvolutionPadding = .zeros(0), dilation: [Int] = [1, 1], groups: Int = 1, bias: Bool = true,
        initializer: Initializer = .kaimingUniform, using generator: Generator?
    ) {
        precondition(
            kernel.count == 2 && inputChannels % groups == 0 && outputChannels % groups == 0,
            "Conv2d \(inputChannels)→\(outputChannels), kernel \(kernel), \(groups) groups")
        let shape = [outputChannels, inputChannels / groups] + kernel
        self.init(
            weight: initializer(shape, using: generator),
            bias: bias ? initializer.bias(forWeight: shape, using: generator) : nil,
            stride: stride, padding: padding, dilation: dilation, groups: groups)
    }

    /// Creates a convolution around given tensors.
    public init(
        weight: Tensor, bias: Tensor?, stride: [Int] = [1, 1], padding: ConvolutionPadding = .zeros(0),
        dilation: [Int] = [1, 1], groups: Int = 1
    ) {
        precondition(weight.rank == 4 && stride.count == 2 && dilation.count == 2, "Conv2d of \(weight.summary)")
        kernel = Array(weight.shape[2...])
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.weight = weight
        self.bias = bias
    }

    /// The cross-correlation of the padded input with the weight.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch padding {
        case .zeros(let vertical, let horizontal): return convolved(x, (vertical, horizontal))
        case .same:
            let shape = x.shape
            precondition(shape.count == 4, "Conv2d of \(x.summary): expected [N, C, H, W]")
            let (top, bottom) = same(axis: 0, size: shape[2])
            let (left, right) = same(axis: 1, size: shape[3])
            if top == bottom, left == right { return convolved(x, (top, left)) }
            return convolved(x.padded([left, right, top, bottom]), (0, 0))
        }
    }

    private func same(axis: Int, size: Int) -> (before: Int, after: Int) {
        let extent = (kernel[axis] - 1) * dilation[axis] + 1
        let total = max(((size + stride[axis] - 1) / stride[axis] - 1) * stride[axis] + extent - size, 0)
        return (total / 2, total - total / 2)
    }

    private func convolved(_ x: Tensor, _ padding: (Int, Int)) -> Tensor {
        x.conv2d(
            weight, bias: bias, stride: (stride[0], stride[1]), padding: padding, dilation: (dilation[0], dilation[1]),
            groups: groups)
    }
}

extension Initializer {
    /// The bias that goes with a weight drawn this way.
    func bias(forWeight shape: [Int], outputs: Int? = nil, using generator: Generator?) -> Tensor {
        let outputs = outputs ?? shape[0]
        guard let generator, case .kaimingUniform = self else { return .zeros([outputs]) }
        let bound = 1 / Double(shape.dropFirst().reduce(1, *)).squareRoot()
        return .uniform([outputs], from: -bound, to: bound, using: generator)
    }
}
