public import HeirloomTensors

/// Makes one sharper and cleaner picture of several frames of a scene that moved a little between them.
///
/// Frames are registered to fractions of a pixel, brought to one exposure, and fused on a finer grid by kernel regression
/// (Takeda, Farsiu, Milanfar 2007; Wronski et al. 2019); iterated back-projection (Irani, Peleg 1991) then undoes the blur
/// of lens and pixels. Detail beyond the frames' own resolution comes from their aliasing, so it is there only if the
/// frames were not sharpened, compressed hard or blurred; about twice the resolution is what can be had. Frames that
/// show something else are left out, and parts that moved get no weight: where nothing fits, the result is that of the
/// reference alone.
public struct BurstFusion: Sendable {
    /// What it was told.
    public let settings: BurstSettings

    /// A fusion.
    public init(settings: BurstSettings = .init()) { self.settings = settings }

    /// Fuses frames.
    ///
    /// - Parameters:
    ///   - frames: `[1, 3, H, W]` each, of one size, float32 in 0...1, sRGB-encoded or linear.
    ///   - scale: how many times as fine the result's grid is, 1...4.
    /// - Throws: ``BurstError`` for fewer than two frames, frames of different sizes, or smaller than 16 × 16.
    /// - Precondition: frames have three channels; the scale is in 1...4; a reference that was set exists.
    public func callAsFunction(_ frames: [Tensor], scale: Int) throws -> BurstResult {
        precondition((1...4).contains(scale), "a burst cannot be fused at \(scale) times the resolution")
        try check(frames)
        return withoutGradients {
            let lumas = frames.map { YCbCrMatrix.bt601.luma(of: $0) }
            let registration = BurstRegistration(lumas: lumas, settings: settings)
            let stack = BurstStack(frames, registration)
            let regression = KernelRegression(
                weights: stack.weights, shifts: stack.shifts, scale: scale, width: settings.kernelWidth)
            var planes = (0..<3).map { channel in
                regression(
                    concatenated(stack.aligned.map { $0.sliced(axis: 1, from: channel, to: channel + 1) }, axis: 1))
            }
            let blur =
                settings.pointSpread ?? PointSpreadSearch(stack, settings, scale: scale).pointSpread
            planes[0] = BackProjection(
                stack, iterations: settings.iterations, pointSpread: blur, scale: scale)(planes[0])
            return result(planes, stack, registration, blur)
        }
    }

    private func check(_ frames: [Tensor]) throws(BurstError) {
        guard frames.count >= 2, let first = frames.first else {
            throw BurstError(
                "A burst needs at least two frames of one scene; there is \(frames.isEmpty ? "none" : "one").")
        }
        guard first.isDefined else { return }
        let shape = first.shape
        precondition(
            frames.allSatisfy { $0.rank == 4 && $0.shape[0] == 1 && $0.shape[1] == 3 },
            "\(first.summary) is no frame of a burst")
        precondition(
            settings.reference.map(frames.indices.contains) ?? true, "the reference is none of \(frames.count) frames")
        if let (index, other) = frames.enumerated().first(where: { $0.element.shape != shape }) {
            throw BurstError(
                "Frame \(index + 1) is \(other.shape[3])×\(other.shape[2]), the first is \(shape[3])×\(shape[2]): "
                    + "the frames of a burst must have one size.")
        }
        guard shape[2] >= 16, shape[3] >= 16 else {
            throw BurstError("Frames of \(shape[3])×\(shape[2]) are too small to be registered; 16×16 is the least.")
        }
    }

    private func result(
        _ planes: [Tensor], _ stack: BurstStack, _ registration: BurstRegistration, _ pointSpread: Double
    ) -> BurstResult {
        var weights = [Double](repeating: 0, count: registration.motions.count)
        for (place, index) in stack.indices.enumerated() { weights[index] = stack.meanWeights[place] }
        return BurstResult(
            picture: YCbCrMatrix.bt601.combined(
                luma: planes[0], chroma: concatenated([planes[1], planes[2]], axis: 1)
            ).clamped(to: 0...1),
            reference: registration.reference, motions: registration.motions, weights: weights,
            leftOut: registration.leftOut, noise: stack.noise, pointSpread: pointSpread)
    }
}
