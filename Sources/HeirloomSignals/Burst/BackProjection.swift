import HeirloomTensors

/// Iterated back-projection: corrects the fine picture by what the frames show beyond what it lets expect (Irani, Peleg
/// 1991).
///
/// It works on a canvas that goes on beyond the frames: their outermost samples are partly explained by what lies outside,
/// which is unknown like all else, and what is found there is cut off at the end.
struct BackProjection {
    /// By how many pixels of the frames the canvas goes on; a blurred and shifted pixel of the frames reaches no further.
    private static let margin = 4
    private let scale: Int
    private let shiftProjection: ShiftProjection?
    private let warps: [WarpProjection]
    private let shifted: Tensor?
    private let shiftedWeights: Tensor?
    private let warped: [(luma: Tensor, weights: Tensor)]
    private let iterations: Int
    private let totals: Tensor

    /// - Parameters:
    ///   - iterations: at most as many; noisy frames get fewer.
    ///   - pointSpread: see ``BurstSettings/pointSpread``.
    init(_ stack: BurstStack, iterations limit: Int, pointSpread: Double, scale: Int) {
        self.scale = scale
        let shape = stack.weights.shape
        let (height, width) = (shape[2] + 2 * Self.margin, shape[3] + 2 * Self.margin)
        let device = stack.weights.device
        iterations = min(limit, Self.rounds(noise: stack.noise, frames: stack.meanWeights.reduce(0, +)))
        let plain = stack.indices.indices.filter { stack.warped[$0] == nil }
        if plain.isEmpty {
            (shiftProjection, shiftedWeights, shifted) = (nil, nil, nil)
        } else {
            shiftProjection = ShiftProjection(
                shifts: plain.map { stack.shifts[$0] }, scale: scale, pointSpread: pointSpread, device: device)
            let weights = plain.map { stack.weights.sliced(axis: 1, from: $0, to: $0 + 1) }
            shiftedWeights = Self.extended(concatenated(weights, axis: 1))
            shifted = Self.extended(
                concatenated(plain.map { stack.aligned[$0].sliced(axis: 1, from: 0, to: 1) }, axis: 1))
        }
        var warps: [WarpProjection] = []
        var warped: [(luma: Tensor, weights: Tensor)] = []
        for (place, (luma, motion)) in stack.warped.sorted(by: { $0.key < $1.key }) {
            let weight = stack.weights.sliced(axis: 1, from: place, to: place + 1)
            // Weights are known at the reference's places; the frame's samples lie elsewhere.
            let moved = Warp(
                flow: motion.inverted.flow(height: shape[2], width: shape[3], device: device))(weight)
            warped.append((Self.extended(luma), Self.extended(moved)))
            warps.append(
                WarpProjection(
                    motion: motion, height: height, width: width, scale: scale, pointSpread: pointSpread,
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
        let margin = Self.margin * scale
        return canvas(fused).sliced(axis: 2, from: margin, to: margin + fused.shape[2])
            .sliced(axis: 3, from: margin, to: margin + fused.shape[3])
    }

    /// The same with what was found around it.
    func canvas(_ fused: Tensor) -> Tensor {
        let margin = Self.margin * scale
        var picture = fused.padded([margin, margin, margin, margin], mode: .replicate)
        for _ in 0..<iterations { picture += correction(picture) / totals }
        return picture
    }

    /// How far the frames are from what a canvas lets expect: root of the mean square, by weight.
    func misfit(_ canvas: Tensor) -> Double {
        var (sum, total) = (0.0, 0.0)
        if let shiftProjection, let shifted, let shiftedWeights {
            sum += ((shifted - shiftProjection.frames(of: canvas)).squared() * shiftedWeights).sum().item()
            total += shiftedWeights.sum().item()
        }
        for (warp, frame) in zip(warps, warped) {
            sum += ((frame.luma - warp.frame(of: canvas)).squared() * frame.weights).sum().item()
            total += frame.weights.sum().item()
        }
        return (sum / max(total, 1)).squareRoot()
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

    /// Frames or weights on the canvas; beyond the frames nothing is seen.
    private static func extended(_ samples: Tensor) -> Tensor { samples.padded([margin, margin, margin, margin]) }
}
