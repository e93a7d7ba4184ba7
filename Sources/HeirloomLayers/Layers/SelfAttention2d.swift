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

    /// The input plus what it attends to.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let q = query(x).flattened(from: 2).swappingAxes(1, 2)  // [N, P, C / 8]
        let k = key(x).flattened(from: 2)  // [N, C / 8, P]
        let v = value(x).flattened(from: 2).swappingAxes(1, 2)  // [N, P, C]
        let positions = k.shape[2]
        // The rows of the weight matrix are independent: a large picture takes them in parts.
        let rows = max(1, min(positions, Self.chunk / max(1, positions * k.shape[0])))
        let parts = stride(from: 0, to: positions, by: rows).map { start in
            let part = q.sliced(axis: 1, from: start, to: start + rows)
            return part.matmul(k).softmax(axis: -1).matmul(v)  // [N, rows, C]
        }
        let attended = parts.count == 1 ? parts[0] : concatenated(parts, axis: 1)
        return x + gamma * attended.swappingAxes(1, 2).reshaped(x.shape)
    }
}
