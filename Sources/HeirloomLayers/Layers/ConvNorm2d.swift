public import HeirloomTensors

/// A convolution, a batch normalisation and an activation: `conv`, `norm` in files.
///
/// - Shape: `[N, C, H, W]` → `[N, O, H', W']`.
public final class ConvNorm2d: Module, UnaryLayer, BatchNormFolding {
    /// The convolution, without bias until the normalisation is folded into it.
    public private(set) var conv: Conv2d
    /// The normalisation, nil once folded.
    public private(set) var norm: BatchNorm2d?
    /// Applied last.
    public let activation: Activation

    /// Chains the three.
    public init(_ conv: Conv2d, _ norm: BatchNorm2d, _ activation: Activation) {
        self.conv = conv
        self.norm = norm
        self.activation = activation
    }

    /// The activated output.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let y = conv(x)
        return activation(norm?(y) ?? y)
    }

    /// Merges the normalisation into the convolution.
    public func foldOwnBatchNorms() {
        guard let norm else { return }
        conv = conv.foldingBatchNorm(norm)
        self.norm = nil
    }
}
