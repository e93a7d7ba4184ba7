import HeirloomLayers
import HeirloomTensors

/// The end of an ``RRDBNet``: two doublings and two convolutions at full size, the latter in strips of rows.
///
/// - Shape: `[N, features, h, w]` → `[N, 3, 4·h, 4·w]`.
final class FusedTail {
    private let doublings: [FusedConv2d]
    private let refine: FusedConv2d
    private let last: FusedConv2d

    /// Rows of the once doubled picture that a strip makes. All the rest of the network needs as much memory as the
    /// pictures of this many rows do for inputs of a few hundred pixels.
    private static let rows = 32
    /// Rows above and below that a strip needs to see: three convolutions at full size reach three full-size rows.
    private static let margin = 2

    init(doublings: [FusedConv2d], refine: FusedConv2d, last: FusedConv2d) {
        self.doublings = doublings
        self.refine = refine
        self.last = last
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let doubled = doublings[0](x, enlargement: 2)  // [N, features, 2·h, 2·w]
        let shape = doubled.shape
        let result = Tensor.empty(
            [shape[0], 3, 2 * shape[2], 2 * shape[3]], dtype: x.dtype, device: x.device, format: .channelsLast)
        for start in stride(from: 0, to: shape[2], by: Self.rows) {
            let end = min(start + Self.rows, shape[2])
            let (top, bottom) = (max(start - Self.margin, 0), min(end + Self.margin, shape[2]))
            let wide = doublings[1](doubled.sliced(axis: 2, from: top, to: bottom), enlargement: 2)
            let strip = last(refine(wide))
            result.sliced(axis: 2, from: 2 * start, to: 2 * end).copy(
                from: strip.sliced(axis: 2, from: 2 * (start - top), to: 2 * (end - top)))
        }
        return result
    }
}

extension ModelDescription {
    /// The same network with another need of memory, in bytes for a pixel of an input folded `fold` times.
    func requiring(float32: Int, half: Int, area fold: Int = 1) -> ModelDescription {
        ModelDescription(
            task: task, inputChannels: inputChannels, outputChannels: outputChannels, scale: scale,
            sizeMultiple: sizeMultiple, dtypes: dtypes, tiling: tiling,
            workingBytes: (float32 / (fold * fold), half / (fold * fold)))
    }
}
