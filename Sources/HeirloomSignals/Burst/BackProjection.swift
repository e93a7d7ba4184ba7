import HeirloomTensors

/// Iterated back-projection: corrects the fine picture by what the frames show beyond what it lets expect (Irani, Peleg
/// 1991).
struct BackProjection {
    private let shiftProjection: ShiftProjection?
    private let warps: [WarpProjection]
    private let shifted: Tensor?
    private let shiftedWeights: Tensor?
    private let warped: [(luma: Tensor, weights: Tensor)]
    private let iterations: Int
    private let totals: Tensor

    init(_ stack: BurstStack, _ settings: BurstSettings, scale: Int) {
        let shape = stack.weights.shape
        let (height, width) = (shape[2], shape[3])
        let device = stack.weights.device
        iterations = min(settings.iterations, Self.rounds(noise: stack.noise, frames: stack.meanWeights.reduce(0, +)))
        // The outermost pixels would be explained by what lies outside.
        let border = Self.inner(height, width, device)
        let plain = stack.indices.indices.filter { stack.warped[$0] == nil }
        shiftProjection = ShiftProjection(
            shifts: plain.map { stack.shifts[$0] }, scale: scale, pointSpread: settings.pointSpread, device: device)
        let weights = plain.map { stack.weights.sliced(axis: 1, from: $0, to: $0 + 1) }
        shiftedWeights = concatenated(weights, axis: 1) * border
        shifted = concatenated(plain.map { stack.aligned[$0].sliced(axis: 1, from: 0, to: 1) }, axis: 1)
        var warps: [WarpProjection] = []
        var warped: [(luma: Tensor, weights: Tensor)] = []
        for (place, (luma, motion)) in stack.warped.sorted(by: { $0.key < $1.key }) {
            let weight = stack.weights.sliced(axis: 1, from: place, to: place + 1)
            // Weights are known at the reference's places; the frame's samples lie elsewhere.
            let moved = Warp(flow: motion.inverted.flow(height: height, width: width, device: device))(weight)
            warped.append((luma, moved * border))
            warps.append(
                WarpProjection(
                    motion: motion, height: height, width: width, scale: scale, pointSpread: settings.pointSpread,
                    device: device))
        }
        self.warps = warps
        self.warped = warped
        var totals = Tensor.zeros([1, 1, height * scale, width * scale], device: device)
        if let shiftProjection, let shiftedWeights { totals += shiftProjection.picture(from: shiftedWeights) }
        for (warp, frame) in zip(warps, warped) { totals += warp.picture(from: frame.weights) }
        self.totals = totals.clamped(to: 1e-2...)
    }

    /// Sharpens a fused luma plane `[1, 1, h·s, w·s]`.
    func callAsFunction(_ fused: Tensor) -> Tensor {
        var picture = fused
        for _ in 0..<iterations { picture += correction(picture) / totals }
        return picture
    }

    private func correction(_ picture: Tensor) -> Tensor {
        var sum = Tensor.zeros(picture.shape, device: picture.device)
        if let shiftProjection, let shifted, let shiftedWeights {
            sum += shiftProjection.picture(
                from: (shifted - shiftProjection.frames(of: picture)) * shiftedWeights)
        }
        for (warp, frame) in zip(warps, warped) {
            sum += warp.picture(from: (frame.luma - warp.frame(of: picture)) * frame.weights)
        }
        return sum
    }

    /// After how many rounds sharpening begins to bring out more noise than detail.
    ///
    /// Measured on photographs with noise of 1...9 steps of 8 bits and 1...8 frames: the best number goes with the variance
    /// of the frames' mean, 40 at one step.
    private static func rounds(noise: Double, frames: Double) -> Int {
        let variance = noise * noise * 255 * 255 / max(frames, 1)
        return Int(min(max(40 / max(variance, 1e-6), 2), 1000).rounded())
    }

    /// 1 but for three pixels along the border.
    private static func inner(_ height: Int, _ width: Int, _ device: Device) -> Tensor {
        Tensor.ones([1, 1, height - 6, width - 6], device: device).padded([3, 3, 3, 3])
    }
}
