import HeirloomTensors

/// A frame moved onto the reference: by whole pixels, or along its motion where that changes over the picture.
struct BurstAlignment {
    let picture: Tensor
    /// What is at p in the reference is at p + shift in the picture.
    let shift: (down: Double, right: Double)
    /// 1 where the frame shows the place, `[1, 1, h, w]`.
    let isInside: Tensor

    init(_ frame: Tensor, _ motion: BurstMotion) {
        let (height, width) = (frame.shape[2], frame.shape[3])
        guard motion.isShift else {
            let flow = motion.flow(height: height, width: width, device: frame.device)
            picture = Warp(flow: flow, isSmooth: true)(frame)
            shift = (0, 0)
            let x =
                flow.sliced(axis: 1, from: 0, to: 1)
                + Tensor.range(from: 0, to: Double(width), device: frame.device).reshaped([1, 1, 1, width])
            let y =
                flow.sliced(axis: 1, from: 1, to: 2)
                + Tensor.range(from: 0, to: Double(height), device: frame.device).reshaped([1, 1, height, 1])
            isInside = ((x .>= 0) .& (x .<= Double(width - 1)) .& (y .>= 0) .& (y .<= Double(height - 1)))
                .to(dtype: .float32)
            return
        }
        let whole = (Int(motion.down.rounded()), Int(motion.right.rounded()))
        picture = frame.rowsRepeated(axis: 2, from: whole.0, count: height)
            .rowsRepeated(axis: 3, from: whole.1, count: width)
        shift = (motion.down - Double(whole.0), motion.right - Double(whole.1))
        func inside(_ offset: Int, _ count: Int) -> [Float] {
            (0..<count).map { (0..<count).contains($0 + offset) ? 1 : 0 }
        }
        isInside =
            Tensor(inside(whole.0, height), shape: [1, 1, height, 1], device: frame.device)
            * Tensor(inside(whole.1, width), shape: [1, 1, 1, width], device: frame.device)
    }
}
