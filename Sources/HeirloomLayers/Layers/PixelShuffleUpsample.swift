public import HeirloomTensors

/// Doubles a picture's size: 1×1 convolution to four times the channels, batch norm, ReLU, pixel shuffle.
///
/// The convolution starts with ICNR weights, so that the first outputs have no checkerboard.
/// - Shape: `[N, C, H, W]` → `[N, O, 2·H, 2·W]`.
public final class PixelShuffleUpsample: Module, UnaryLayer, BatchNormFolding {
    /// 1×1, without bias until the normalisation is folded into it.
    public private(set) var conv: Conv2d
    /// Nil once folded.
    public private(set) var norm: BatchNorm2d?

    /// Creates the layer.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(inputChannels: Int, outputChannels: Int, using generator: Generator?) {
        conv = Conv2d(
            inputChannels: inputChannels, outputChannels: 4 * outputChannels, kernel: 1, bias: false,
            initializer: .icnr(.kaimingNormal, factor: 2), using: generator)
        norm = BatchNorm2d(channels: 4 * outputChannels)
    }

    /// The picture at twice the size.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let y = conv(x)
        return (norm?(y) ?? y).relu().pixelShuffled(2)
    }

    /// Merges the normalisation into the convolution.
    public func foldOwnBatchNorms() {
        guard let norm else { return }
        conv = conv.foldingBatchNorm(norm)
        self.norm = nil
    }
}
