public import HeirloomTensors

/// Reads pictures along a motion field.
public struct Warp {
    /// Sampling positions `[N, H, W, 2]` in −1...1.
    private let grid: Tensor

    /// Prepares to read pictures at `position + flow(position)`.
    ///
    /// - Parameter flow: how far right and down to look, in samples. Shape `[N, 2, H, W]`.
    public init(flow: Tensor) {
        let shape = flow.shape
        let (height, width) = (shape[2], shape[3])
        let identity = Tensor([1, 0, 0, 0, 1, 0] as [Float], shape: [1, 2, 3], device: flow.device)
            .affineGrid([1, 1, height, width])
        let unit = Tensor([2 / Float(width), 2 / Float(height)], shape: [1, 1, 1, 2], device: flow.device)
        grid = identity + flow.transposed([0, 2, 3, 1]) * unit
    }

    private init(grid: Tensor) { self.grid = grid }

    /// The positions of one picture of the batch.
    public subscript(_ index: Int) -> Warp { Warp(grid: grid.sliced(axis: 0, from: index, to: index + 1)) }

    /// The picture as the positions see it, linear between samples, edges repeated.
    ///
    /// - Shape: `[N, C, H, W]` → the same.
    public func callAsFunction(_ picture: Tensor) -> Tensor { picture.sampled(at: grid, padding: .border) }
}
