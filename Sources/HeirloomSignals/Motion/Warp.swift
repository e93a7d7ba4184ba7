public import HeirloomTensors

/// Reads pictures along a motion field.
public struct Warp {
    /// Sampling positions `[N, H, W, 2]` in −1...1.
    private let grid: Tensor
    private let mode: InterpolationMode

    /// Prepares to read pictures at `position + flow(position)`.
    ///
    /// - Parameters:
    ///   - flow: how far right and down to look, in samples. Shape `[N, 2, H, W]`.
    ///   - isSmooth: cubic between samples, where detail matters more than time; else linear.
    public init(flow: Tensor, isSmooth: Bool = false) {
        let shape = flow.shape
        let (height, width) = (shape[2], shape[3])
        let identity = Tensor([1, 0, 0, 0, 1, 0] as [Float], shape: [1, 2, 3], device: flow.device)
            .affineGrid([1, 1, height, width])
        let unit = Tensor([2 / Float(width), 2 / Float(height)], shape: [1, 1, 1, 2], device: flow.device)
        grid = identity + flow.transposed([0, 2, 3, 1]) * unit
        mode = isSmooth ? .bicubic : .bilinear
    }

    private init(grid: Tensor, mode: InterpolationMode) {
        self.grid = grid
        self.mode = mode
    }

    /// The positions of one picture of the batch.
    public subscript(_ index: Int) -> Warp { Warp(grid: grid.sliced(axis: 0, from: index, to: index + 1), mode: mode) }

    /// The picture as the positions see it, edges repeated.
    ///
    /// - Shape: `[N, C, H, W]` → the same.
    public func callAsFunction(_ picture: Tensor) -> Tensor { picture.sampled(at: grid, mode: mode, padding: .border) }
}
