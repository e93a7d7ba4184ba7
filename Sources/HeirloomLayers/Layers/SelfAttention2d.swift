public import HeirloomTensors

/// Lets every position of a picture look at every other one (Zhang 2019): `x + gamma · attention(x)`, gamma 0 at the start.
///
/// - Shape: `[N, C, H, W]` → the same. Cost grows with (H·W)²: use it at a small size.
public final class SelfAttention2d: Module, UnaryLayer {
    let query: Conv2d
    let key: Conv2d
    let value: Conv2d
    /// Share of the attention in the output `[1]`.
    @Parameter public var gamma: Tensor

    /// Elements of the weight matrix computed at once: 32 MB in float32.
    private static let chunk = 1 << 23

    /// Creates the layer; queries and keys have an eighth of the channels.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(channels: Int, using generator: Generator?) {
        func pointwise(_ outputs: Int) -> Conv2d {
            Conv2d(
                inputChannels: channels, outputChannels: outputs, kernel: 1, bias: false, initializer: .kaimingNormal,
                using: generator)
        }
        query = pointwise(channels / 8)
        key = pointwise(channels / 8)
        value = pointwise(channels)
        gamma = .zeros([1])
    }

    /// Creates the layer around given 1×1 convolutions and a share.
    init(query: Conv2d, key: Conv2d, value: Conv2d, gamma: Tensor) {
        self.query = query
        self.key = key
        self.value = value
        self.gamma = gamma
    }

    /// The input plus what it attends to.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let q = query(x).flattened(from: 2).swappingAxes(1, 2)  // [N, P, C / 8]
        let k = key(x).flattened(from: 2)  // [N, C / 8, P]
        let v = value(x).flattened(from: 2).swappingAxes(1, 2)  // [N, P, C]
        return x + gamma * Self.attended(q, k, v).swappingAxes(1, 2).reshaped(x.shape)
    }

    /// What each position gets of the values: shapes `[N, P, D]`, `[N, D, P]`, `[N, P, C]` → `[N, P, C]`.
    static func attended(_ queries: Tensor, _ keys: Tensor, _ values: Tensor) -> Tensor {
        let positions = keys.shape[2]
        // The rows of the weight matrix are independent: a large picture takes them in parts.
        let rows = max(1, min(positions, chunk / max(1, positions * keys.shape[0])))
        let parts = stride(from: 0, to: positions, by: rows).map { start in
            let part = queries.sliced(axis: 1, from: start, to: start + rows)
            return part.matmul(keys).softmax(axis: -1).matmul(values)  // [N, rows, C]
        }
        return parts.count == 1 ? parts[0] : concatenated(parts, axis: 1)
    }
}
