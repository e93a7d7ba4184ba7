public import HeirloomTensors

/// ReLU, pixel shuffle by 2, and the mean of every 2×2 neighbourhood: an upsampling without checkerboards (Sugawara 2019).
///
/// The first row and column are repeated before the mean, so the size is that of the shuffled picture.
/// - Shape: `[N, 4·C, H, W]` → `[N, C, 2·H, 2·W]`.
public final class PixelShuffleBlur: Module, UnaryLayer {
    /// Creates the layer; it has no weights.
    public override init() {}

    /// The picture at twice the size.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.relu().pixelShuffled(2).padded([1, 0, 1, 0], mode: .replicate).meanPooled(kernel: 2, stride: 1)
    }
}
