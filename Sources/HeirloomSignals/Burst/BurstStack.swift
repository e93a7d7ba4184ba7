import HeirloomTensors

/// The frames of a burst that are used: moved onto the reference by whole pixels, at its exposure, with the weight of every
/// sample.
struct BurstStack {
    /// Which frames, in their order.
    let indices: [Int]
    /// Luma and two colour differences, `[1, 3, h, w]` each.
    let aligned: [Tensor]
    /// What is at p in the reference is at p + shift in ``aligned``; at most half a pixel.
    let shifts: [(down: Double, right: Double)]
    /// `[1, N, h, w]`, 0...1.
    let weights: Tensor
    /// Luma `[1, 1, h, w]` at its own place, its weights and its motion, for frames that turned or zoomed.
    let warped: [Int: (luma: Tensor, motion: BurstMotion)]
    /// Of each frame.
    let meanWeights: [Double]
    /// Deviation of the noise.
    let noise: Double

    init(_ frames: [Tensor], _ registration: BurstRegistration) {
        let reference = frames[registration.reference]
        let used = frames.indices.compactMap { index in registration.motions[index].map { (index, $0) } }
        indices = used.map(\.0)
        let comparison = BurstComparison(reference: reference)
        var aligned: [Tensor] = []
        var shifts: [(down: Double, right: Double)] = []
        var maps: [Tensor] = []
        var warped: [Int: (luma: Tensor, motion: BurstMotion)] = [:]
        var noises: [Double] = []
        for (place, (index, motion)) in used.enumerated() {
            guard index != registration.reference else {
                aligned.append(Self.planes(reference))
                shifts.append((0, 0))
                maps.append(Tensor.ones([1, 1, reference.shape[2], reference.shape[3]], device: reference.device))
                continue
            }
            let placed = BurstAlignment(frames[index], motion)
            let exposure = comparison.exposure(of: placed)
            let (weights, noise) = comparison.weights(of: placed, exposure)
            aligned.append(Self.planes(exposure.corrected(placed.picture)))
            shifts.append(placed.shift)
            maps.append(weights)
            noises.append(noise)
            if !motion.isShift {
                let luma = YCbCrMatrix.bt601.luma(of: exposure.corrected(frames[index]))
                warped[place] = (luma, motion)
            }
        }
        self.aligned = aligned
        self.shifts = shifts
        self.warped = warped
        weights = concatenated(maps, axis: 1)
        meanWeights = maps.map { $0.mean().item() }
        noise = noises.isEmpty ? comparison.referenceNoise : noises.sorted()[noises.count / 2]
    }

    private init(
        indices: [Int], aligned: [Tensor], shifts: [(down: Double, right: Double)], weights: Tensor,
        warped: [Int: (luma: Tensor, motion: BurstMotion)], meanWeights: [Double], noise: Double
    ) {
        self.indices = indices
        self.aligned = aligned
        self.shifts = shifts
        self.weights = weights
        self.warped = warped
        self.meanWeights = meanWeights
        self.noise = noise
    }

    /// Some of the frames, by their places in ``indices``.
    func frames(_ places: [Int]) -> BurstStack {
        var turned: [Int: (luma: Tensor, motion: BurstMotion)] = [:]
        for (new, old) in places.enumerated() { turned[new] = warped[old] }
        return BurstStack(
            indices: places.map { indices[$0] }, aligned: places.map { aligned[$0] },
            shifts: places.map { shifts[$0] },
            weights: concatenated(places.map { weights.sliced(axis: 1, from: $0, to: $0 + 1) }, axis: 1),
            warped: turned, meanWeights: places.map { meanWeights[$0] }, noise: noise)
    }

    /// A part of all frames, at the reference's places.
    func window(rows: Range<Int>, columns: Range<Int>) -> BurstStack {
        func cut(_ x: Tensor, _ down: Int = 0, _ right: Int = 0) -> Tensor {
            x.rowsRepeated(axis: 2, from: rows.lowerBound + down, count: rows.count)
                .rowsRepeated(axis: 3, from: columns.lowerBound + right, count: columns.count)
        }
        // Motions count from the centre, which is now another; whole pixels of them move the window.
        let centre = (
            Double(rows.lowerBound + rows.upperBound - weights.shape[2]) / 2,
            Double(columns.lowerBound + columns.upperBound - weights.shape[3]) / 2
        )
        return BurstStack(
            indices: indices, aligned: aligned.map { cut($0) }, shifts: shifts, weights: cut(weights),
            warped: warped.mapValues { luma, motion in
                let (down, right) = motion.shift(row: centre.0, column: centre.1)
                var rest = motion
                (rest.down, rest.right) = (down - down.rounded(), right - right.rounded())
                return (cut(luma, Int(down.rounded()), Int(right.rounded())), rest)
            }, meanWeights: meanWeights, noise: noise)
    }

    private static func planes(_ rgb: Tensor) -> Tensor {
        let (luma, chroma) = YCbCrMatrix.bt601.split(rgb)
        return concatenated([luma, chroma], axis: 1)
    }
}
