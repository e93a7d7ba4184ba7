import CTorch

/// A 3×3 convolution in the form in which the CPU computes it fastest, for inference.
///
/// It multiplies a quarter as often as ``Tensor/conv2d(_:bias:stride:padding:dilation:groups:)`` does, with Winograd's
/// method, and computes in float32 whatever the element type of the pictures: the difference from `conv2d` in float32 is a
/// few units in the sixth digit. What surrounds a convolution (nearest enlargement before, activation and sums after) costs
/// no pass of its own.
public final class PackedConvolution {
    /// A tensor that is added to the result, multiplied by a number.
    public struct Addition {
        /// Of the result's shape and element type; it may be the tensor that the result is written to.
        public let tensor: Tensor
        /// What it is multiplied by.
        public let scale: Double

        /// Adds a tensor, multiplied by a number.
        public init(_ tensor: Tensor, scale: Double = 1) {
            self.tensor = tensor
            self.scale = scale
        }
    }

    /// Most additions of one call.
    public static let mostAdditions = 2

    /// Channels of the result.
    public let outputChannels: Int
    private let weights: Tensor

    /// Whether there is such a form for an element type on a device: on the CPU for float32 and bfloat16, with AVX2,
    /// AVX-512 or NEON.
    public static func isAvailable(_ dtype: DType, on device: Device) -> Bool {
        ct_packed_convolution_available(dtype.rawValue, device.handle)
    }

    /// Whether that form is the fastest: not for bfloat16 where the processor has matrix units for it, and not in builds
    /// without optimisation.
    public static func isFastest(_ dtype: DType, on device: Device) -> Bool {
        ct_packed_convolution_is_fastest(dtype.rawValue, device.handle)
    }

    /// Packs weights; they are copied, in float32.
    /// - Parameters:
    ///   - weight: `[O, C, 3, 3]`.
    ///   - bias: `[O]`.
    ///   - slope: Of the activation, x where positive and slope · x elsewhere: `[O]` or `[1]`; nil for none.
    public init(weight: Tensor, bias: Tensor? = nil, slope: Tensor? = nil) {
        outputChannels = weight.shape[0]
        weights = make("packed convolution", [weight] + [bias, slope].compactMap { $0 }) {
            ct_pack_convolution(weight.handle, bias.handle, slope.handle, $0)
        }
    }

    /// Writes activation(x ∗ weight + bias) + Σ scale · tensor, with stride 1 and one row and column of zeros around x.
    ///
    /// x and the result are float32 or bfloat16, channels-last, and may be slices of channels of larger tensors.
    /// - Parameters:
    ///   - x: `[N, C, H, W]`.
    ///   - enlargement: How many times larger x is read than it is, by repeating its pixels.
    ///   - additions: At most ``mostAdditions``.
    ///   - result: `[N, O, H · enlargement, W · enlargement]`; it must share no element with x.
    public func write(_ x: Tensor, enlargement: Int = 1, adding additions: [Addition] = [], to result: Tensor) {
        guard !hasFailed else { return }
        let tensors = additions.map(\.tensor)
        let scales = additions.map(\.scale)
        let message = tensors.withHandles { handles, count in
            // An empty array has no address, and C reads none of it.
            (scales.isEmpty ? [0] : scales).withUnsafeBufferPointer { buffer in
                buffer.baseAddress.flatMap {
                    ct_packed_convolution(
                        x.handle, weights.handle, handles, $0, count, Int64(enlargement), result.handle)
                }
            }
        }
        succeeded(message, "packed convolution", [x, result] + tensors)
    }
}
