public import HeirloomTensors

/// A frozen 3×3 convolution together with what surrounds it in a network, for inference: nearest enlargement before, a
/// leaky activation and sums after.
///
/// Where the device has it, all is one pass over the picture (``PackedConvolution``); elsewhere it is made of single
/// operations with the same result. No ``Module``: its weights are copies in a layout of their own, which are neither
/// trained nor saved nor moved.
///
/// - Shape: `[N, C, H, W]` → `[N, O, enlargement · H, enlargement · W]`, channels-last.
public final class FusedConv2d {
    /// What follows the convolution.
    public enum Activation {
        /// Nothing.
        case none
        /// x where positive, slope · x elsewhere.
        case leakyRelu(slope: Double)
        /// The same with a learned slope for each channel, or one for all.
        case prelu(PReLU)

        var slope: Tensor? {
            switch self {
            case .none: nil
            case .leakyRelu(let slope): Tensor([Float(slope)])
            case .prelu(let layer): layer.weight.detached()
            }
        }
    }

    private let packed: PackedConvolution?
    private let conv: Conv2d?
    private let slope: Tensor?
    private let outputChannels: Int

    /// Freezes a convolution of kernel 3, stride 1 and one row and column of zeros around the picture.
    /// - Parameters:
    ///   - scale: A positive number that the activated result is multiplied by; it goes into the weights.
    ///   - dtype: Of the pictures.
    ///   - packed: Whether to compute in one pass; nil where that is the fastest.
    public init(
        _ conv: Conv2d, _ activation: Activation = .none, scale: Double = 1, device: Device, dtype: DType,
        packed: Bool? = nil
    ) {
        precondition(Self.fuses(conv) && scale > 0, "FusedConv2d of a convolution of kernel \(conv.kernel)")
        let isPacked = packed ?? PackedConvolution.isFastest(dtype, on: device)
        precondition(
            !isPacked || PackedConvolution.isAvailable(dtype, on: device),
            "there is no packed convolution of \(dtype) on \(device)")
        let weight = conv.weight.detached().to(dtype: .float32) * scale
        let bias = conv.bias.map { $0.detached().to(dtype: .float32) * scale }
        outputChannels = weight.shape[0]
        if isPacked {
            self.packed = PackedConvolution(weight: weight, bias: bias, slope: activation.slope)
            self.conv = nil
            slope = nil
        } else {
            let copy = Conv2d(weight: weight, bias: bias, padding: .zeros(1))
            copy.to(device: device, dtype: dtype, format: .channelsLast)
            self.packed = nil
            self.conv = copy
            slope = activation.slope?.to(dtype: dtype, device: device)
        }
    }

    /// Whether a convolution is of the kind that this layer computes.
    public static func fuses(_ conv: Conv2d) -> Bool {
        conv.kernel == [3, 3] && conv.stride == [1, 1] && conv.dilation == [1, 1] && conv.groups == 1
            && (conv.padding == .zeros(1) || conv.padding == .same)
    }

    /// The result in a tensor of its own.
    /// - Parameters:
    ///   - enlargement: How many times larger x is read than it is, by repeating its pixels.
    ///   - additions: Added to the activated result; at most ``PackedConvolution/mostAdditions``.
    public func callAsFunction(
        _ x: Tensor, enlargement: Int = 1, adding additions: [PackedConvolution.Addition] = []
    ) -> Tensor {
        guard packed != nil else { return composed(x, enlargement, additions) }
        let shape = x.shape
        let result = Tensor.empty(
            [shape[0], outputChannels, shape[2] * enlargement, shape[3] * enlargement], dtype: x.dtype,
            device: x.device, format: .channelsLast)
        write(x, enlargement: enlargement, adding: additions, to: result)
        return result
    }

    /// Writes the result into a tensor, which may be a slice of channels of a channels-last one.
    ///
    /// It must share no element with x; it may be one of the tensors that are added.
    public func write(
        _ x: Tensor, enlargement: Int = 1, adding additions: [PackedConvolution.Addition] = [], to result: Tensor
    ) {
        if let packed {
            let sideBySide = x.shape[1] == 1 || x.strides[1] == 1
            packed.write(
                sideBySide ? x : x.contiguous(.channelsLast), enlargement: enlargement, adding: additions, to: result)
        } else {
            result.copy(from: composed(x, enlargement, additions))
        }
    }

    private func composed(_ x: Tensor, _ enlargement: Int, _ additions: [PackedConvolution.Addition]) -> Tensor {
        guard let conv else { fatalError("a fused convolution without weights") }
        let shape = x.shape
        var y = x
        if enlargement > 1 {
            y = y.resized(height: shape[2] * enlargement, width: shape[3] * enlargement, mode: .nearest)
        }
        y = conv(y)
        if let slope { y = y.prelu(slope) }
        return additions.reduce(y) { $0 + ($1.scale == 1 ? $1.tensor : $1.tensor * $1.scale) }
    }
}
