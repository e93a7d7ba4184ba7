import CTorch

/// How ``Tensor/resized(height:width:mode:alignCorners:antialias:)`` computes values between samples.
public enum InterpolationMode: Int32, Sendable {
    /// The nearest sample, as PyTorch's `nearest` picks it.
    case nearest = 0
    /// Linear in both directions.
    case bilinear = 1
    /// Cubic convolution with a = −0.75 (−0.5 when antialiased, as Pillow).
    case bicubic = 2
    /// The nearest sample by its centre.
    case nearestExact = 3
    /// The mean of the covered samples.
    case area = 4
}

/// What ``Tensor/sampled(at:mode:padding:alignCorners:)`` reads outside the picture.
public enum SamplingPadding: Int32, Sendable {
    /// Zeros.
    case zeros = 0
    /// The nearest edge sample.
    case border = 1
    /// Mirrored at the edge.
    case reflection = 2
}

/// The operations of neural networks.
extension Tensor {
    /// Two-dimensional cross-correlation with zero padding.
    /// - Shape: `[N, C, H, W]`, weight `[O, C / groups, kh, kw]`, bias `[O]` → `[N, O, H', W']`.
    public func conv2d(
        _ weight: Tensor, bias: Tensor? = nil, stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
        dilation: (Int, Int) = (1, 1), groups: Int = 1
    ) -> Tensor {
        convolution(
            weight, bias, [stride.0, stride.1], [padding.0, padding.1], [dilation.0, dilation.1], [0, 0], groups, false)
    }

    /// One-dimensional cross-correlation with zero padding.
    /// - Shape: `[N, C, L]`, weight `[O, C / groups, k]`, bias `[O]` → `[N, O, L']`.
    public func conv1d(
        _ weight: Tensor, bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
    ) -> Tensor {
        convolution(weight, bias, [stride], [padding], [dilation], [0], groups, false)
    }

    /// The adjoint of ``conv2d(_:bias:stride:padding:dilation:groups:)``.
    /// - Shape: `[N, C, H, W]`, weight `[C, O / groups, kh, kw]` → `[N, O, H', W']`.
    public func convTransposed2d(
        _ weight: Tensor, bias: Tensor? = nil, stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
        outputPadding: (Int, Int) = (0, 0), groups: Int = 1
    ) -> Tensor {
        convolution(
            weight, bias, [stride.0, stride.1], [padding.0, padding.1], [1, 1], [outputPadding.0, outputPadding.1],
            groups, true)
    }

    private func convolution(
        _ weight: Tensor, _ bias: Tensor?, _ stride: [Int], _ padding: [Int], _ dilation: [Int], _ outputPadding: [Int],
        _ groups: Int, _ transposed: Bool
    ) -> Tensor {
        make("convolution", [self, weight]) { out in
            stride.withInt64 { stride, count in
                padding.withInt64 { padding, _ in
                    dilation.withInt64 { dilation, _ in
                        outputPadding.withInt64 { outputPadding, _ in
                            ct_convolution(
                                handle, weight.handle, bias.handle, stride, padding, dilation, outputPadding, count,
                                transposed, Int64(groups), out)
                        }
                    }
                }
            }
        }
    }

    /// `x · weightᵀ + bias` over the last axis.
    /// - Shape: `[…, I]`, weight `[O, I]`, bias `[O]` → `[…, O]`.
    public func linear(_ weight: Tensor, bias: Tensor? = nil) -> Tensor {
        make("linear", [self, weight]) { ct_linear(handle, weight.handle, bias.handle, $0) }
    }

    /// Normalises each channel (axis 1) by the batch's statistics (training, which also moves the running ones in
    /// place) or by the running ones.
    public func batchNormalized(
        weight: Tensor?, bias: Tensor?, runningMean: Tensor?, runningVariance: Tensor?, training: Bool,
        momentum: Double, epsilon: Double
    ) -> Tensor {
        make("batchNormalized", [self]) {
            ct_batch_norm(
                handle, weight.handle, bias.handle, runningMean.handle, runningVariance.handle, training, momentum,
                epsilon, $0)
        }
    }

    /// Normalises groups of channels of each sample.
    public func groupNormalized(groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double) -> Tensor {
        make("groupNormalized", [self]) {
            ct_group_norm(handle, Int64(groups), weight.handle, bias.handle, epsilon, $0)
        }
    }

    /// Normalises over the last axes, whose sizes are given.
    public func layerNormalized(shape: [Int], weight: Tensor?, bias: Tensor?, epsilon: Double) -> Tensor {
        make("layerNormalized", [self]) { out in
            shape.withInt64 { ct_layer_norm(handle, $0, $1, weight.handle, bias.handle, epsilon, out) }
        }
    }

    /// x where positive, slope · x elsewhere, with one slope per channel or one for all.
    public func prelu(_ slope: Tensor) -> Tensor {
        make("prelu", [self, slope]) { ct_prelu(handle, slope.handle, $0) }
    }

    /// The largest value in each square window. Shape `[N, C, H, W]` → `[N, C, H', W']`.
    public func maxPooled(kernel: Int, stride: Int, padding: Int = 0, ceil: Bool = false) -> Tensor {
        make("maxPooled", [self]) { ct_max_pool2d(handle, Int64(kernel), Int64(stride), Int64(padding), ceil, $0) }
    }

    /// The mean of each square window. Shape `[N, C, H, W]` → `[N, C, H', W']`.
    public func meanPooled(
        kernel: Int, stride: Int, padding: Int = 0, ceil: Bool = false, countingPadding: Bool = true
    ) -> Tensor {
        make("meanPooled", [self]) {
            ct_avg_pool2d(handle, Int64(kernel), Int64(stride), Int64(padding), ceil, countingPadding, $0)
        }
    }

    /// The mean of the cells of a grid laid over the picture. Shape `[N, C, H, W]` → `[N, C, height, width]`.
    public func meanPooled(height: Int, width: Int) -> Tensor {
        make("meanPooled", [self]) { ct_adaptive_avg_pool2d(handle, Int64(height), Int64(width), $0) }
    }

    /// Resamples pictures. Shape `[N, C, H, W]` → `[N, C, height, width]`.
    /// - Parameter antialias: Widens the kernel when shrinking, as Pillow does (bilinear and bicubic only).
    public func resized(
        height: Int, width: Int, mode: InterpolationMode = .bilinear, alignCorners: Bool = false,
        antialias: Bool = false
    ) -> Tensor {
        make("resized to \(height)×\(width)", [self]) {
            ct_interpolate(handle, Int64(height), Int64(width), mode.rawValue, alignCorners, antialias, $0)
        }
    }

    /// Reads pictures `[N, C, H, W]` at positions `[N, H', W', 2]` (x, y in −1...1) → `[N, C, H', W']`.
    public func sampled(
        at grid: Tensor, mode: InterpolationMode = .bilinear, padding: SamplingPadding = .zeros,
        alignCorners: Bool = false
    ) -> Tensor {
        let code: Int32 =
            switch mode {
            case .bilinear: 0
            case .nearest, .nearestExact: 1
            case .bicubic: 2
            case .area: fatalError("sampled(at:) has no area mode")
            }
        return make("sampled", [self, grid]) {
            ct_grid_sample(handle, grid.handle, code, padding.rawValue, alignCorners, $0)
        }
    }

    /// Sampling positions `[N, H, W, 2]` of affine maps `[N, 2, 3]` for pictures of shape `[N, C, H, W]`.
    public func affineGrid(_ shape: [Int], alignCorners: Bool = false) -> Tensor {
        make("affineGrid", [self]) { out in shape.withInt64 { ct_affine_grid(handle, $0, $1, alignCorners, out) } }
    }

    /// softmax(scale · q kᵀ + mask) v, the tensor being q. Shapes `[…, L, E]`, keys and values `[…, S, E]`, `[…, S, V]`.
    public func attention(keys: Tensor, values: Tensor, mask: Tensor? = nil, scale: Double) -> Tensor {
        make("attention", [self, keys, values]) {
            ct_attention(handle, keys.handle, values.handle, mask.handle, scale, $0)
        }
    }

    /// One layer of gated recurrent units, batch first.
    /// - Shape: `[N, L, I]` and state `[D, N, H]` → `[N, L, D·H]` and state; D = 2 when bidirectional.
    /// - Parameter weights: `w_ih, w_hh, b_ih, b_hh` for each direction, as PyTorch has them.
    public func gru(state: Tensor, weights: [Tensor], bidirectional: Bool) -> (output: Tensor, state: Tensor) {
        let (output, last) = makePair("gru", [self, state]) { out, last in
            weights.withHandles { ct_gru(handle, state.handle, $0, $1, bidirectional, out, last) }
        }
        return (output, last)
    }
}
