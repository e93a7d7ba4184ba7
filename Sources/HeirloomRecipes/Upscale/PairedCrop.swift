public import HeirloomDatasets
public import HeirloomTensors

/// The same piece of a picture and of its smaller twin.
public enum PairedCrop {
    /// Cuts a random square out of both, the same for the whole batch.
    ///
    /// - Parameters:
    ///   - input: `[N, C, h, w]`, truth: `[N, C, h · scale, w · scale]`.
    ///   - side: of the piece of the truth, a multiple of the scale.
    public static func cut(
        input: Tensor, truth: Tensor, side: Int, random: inout RandomSequence
    ) -> (input: Tensor, truth: Tensor) {
        let (small, large) = (input.shape, truth.shape)
        let scale = large[2] / small[2]
        precondition(
            large[2] == small[2] * scale && large[3] == small[3] * scale && side % scale == 0 && side > 0
                && side <= min(large[2], large[3]),
            "a crop of \(side) of \(truth.summary) and \(input.summary)")
        let piece = side / scale
        let top = Int(random.uniform() * Double(small[2] - piece + 1))
        let left = Int(random.uniform() * Double(small[3] - piece + 1))
        func cutOut(_ x: Tensor, _ factor: Int) -> Tensor {
            x.sliced(axis: 2, from: top * factor, to: (top + piece) * factor)
                .sliced(axis: 3, from: left * factor, to: (left + piece) * factor)
        }
        return (cutOut(input, 1), cutOut(truth, scale))
    }
}
