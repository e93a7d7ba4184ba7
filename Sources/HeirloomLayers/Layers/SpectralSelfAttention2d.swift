public import HeirloomTensors

/// Self-attention with spectrally normalised weights, in the form of fastai's layer (Zhang 2019, Miyato 2018).
///
/// The roles are the other way round than the names say, as they were when the published weights were trained: each
/// position looks with its key at the queries of all others, and the products are not scaled.
/// - Shape: `[N, C, H, W]` → the same. Cost grows with (H·W)²: use it at a small size.
public final class SpectralSelfAttention2d: Module, UnaryLayer {
    let query: SpectralConv1d
    let key: SpectralConv1d
    let value: SpectralConv1d
    /// Share of the attention in the output `[1]`.
    @Parameter public var gamma: Tensor

    /// Creates the layer; queries and keys have an eighth of the channels.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(channels: Int, using generator: Generator?) {
        let inner = max(1, channels / 8)
        query = SpectralConv1d(inputChannels: channels, outputChannels: inner, using: generator)
        key = SpectralConv1d(inputChannels: channels, outputChannels: inner, using: generator)
        value = SpectralConv1d(inputChannels: channels, outputChannels: channels, using: generator)
        gamma = .zeros([1])
    }

    /// The input plus what it attends to.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let flat = x.flattened(from: 2)  // [N, C, P]
        let looked = query(flat)  // [N, C / 8, P]
        let looking = key(flat).swappingAxes(1, 2)  // [N, P, C / 8]
        let values = value(flat).swappingAxes(1, 2)  // [N, P, C]
        return x + gamma * SelfAttention2d.attended(looking, looked, values).swappingAxes(1, 2).reshaped(x.shape)
    }

    /// A layer with plain weights and the usual roles that has the same output in inference.
    public func folded() -> SelfAttention2d {
        withoutGradients {
            func plain(_ conv: SpectralConv1d) -> Conv2d {
                Conv2d(weight: conv.normalizedWeight.unsqueezed(3), bias: nil)
            }
            return SelfAttention2d(query: plain(key), key: plain(query), value: plain(value), gamma: gamma.copied())
        }
    }
}
