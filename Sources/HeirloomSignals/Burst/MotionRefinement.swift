import HeirloomTensors

/// Registers a picture to a reference to a few thousandths of a pixel: Gauss–Newton on Gaussian-filtered pictures, with the
/// brightness' gain and offset among the unknowns and large differences weighted down (Lucas, Kanade 1981; Baker,
/// Matthews 2004).
struct MotionRefinement {
    private let reference: Tensor
    private let gradients: [Tensor]
    private let height: Int
    private let width: Int
    private static let deviation = 1.2

    /// - Parameter reference: luma `[1, 1, H, W]`, 0...1.
    init(reference luma: Tensor) {
        let filtered = luma.gaussianFiltered(deviation: Self.deviation)
        reference = filtered
        (height, width) = (luma.shape[2], luma.shape[3])
        gradients = [2, 3].map { axis in
            let size = luma.shape[axis]
            let next = filtered.rowsRepeated(axis: axis, from: 1, count: size)
            return (next - filtered.rowsRepeated(axis: axis, from: -1, count: size)) * 0.5
        }
    }

    /// A shift alone.
    func shift(of picture: Tensor, from start: BurstMotion) -> BurstMotion {
        refined(picture, start, steps: 6, affine: false)
    }

    /// A shift that changes evenly over the picture.
    func affine(of picture: Tensor, from start: BurstMotion, steps: Int = 4) -> BurstMotion {
        refined(picture, start, steps: steps, affine: true)
    }

    private func refined(_ picture: Tensor, _ start: BurstMotion, steps: Int, affine: Bool) -> BurstMotion {
        var motion = start
        let filtered = affine ? picture.gaussianFiltered(deviation: Self.deviation) : nil
        for step in 0..<steps {
            let area = commonArea(motion)
            guard area.rows.count >= 8, area.columns.count >= 8 else {
                motion.correlation = 0
                return motion
            }
            let moved =
                filtered.map { Warp(flow: motion.flow(height: height, width: width), isSmooth: true)($0) }
                ?? picture.gaussianFiltered(deviation: Self.deviation, down: motion.down, right: motion.right)
            let (update, photometry) = solve(moved, area, affine: affine)
            guard let update else {
                motion.correlation = 0
                return motion
            }
            motion.down -= update[0]
            motion.right -= update[1]
            if affine { for index in 0..<4 { motion.slopes[index] -= update[2 + index] } }
            (motion.gain, motion.offset, motion.correlation) = photometry
            if step > 0 && update.prefix(2).allSatisfy({ abs($0) < 1e-3 }) && !affine { break }
        }
        return motion
    }

    /// Rows and columns that both pictures show, without a border where filters and motion reach outside.
    private func commonArea(_ motion: BurstMotion) -> (rows: Range<Int>, columns: Range<Int>) {
        func range(_ count: Int, _ shift: Double, _ slope: Double) -> Range<Int> {
            let border = Double(min(8, count / 6)) + slope
            let first = border + max(-shift, 0)
            let last = Double(count) - border - max(shift, 0)
            guard last > first else { return 0..<0 }
            return Int(first.rounded(.up))..<max(Int(last), Int(first.rounded(.up)))
        }
        let corner = motion.isShift ? 0 : motion.cornerDeviation(height: height, width: width)
        return (range(height, motion.down, corner), range(width, motion.right, corner))
    }

    /// Least squares of the moved picture in the reference, its gradients and a constant.
    /// - Returns: how much of the motion was too much (nil where the picture has no structure); gain, offset, correlation.
    private func solve(
        _ moved: Tensor, _ area: (rows: Range<Int>, columns: Range<Int>), affine: Bool
    ) -> ([Double]?, (Double, Double, Double)) {
        // Every second sample tells as much of a filtered picture.
        let stride = area.rows.count * area.columns.count > 60_000 ? 2 : 1
        func cut(_ x: Tensor) -> Tensor {
            x.sliced(axis: 2, from: area.rows.lowerBound, to: area.rows.upperBound, by: stride)
                .sliced(axis: 3, from: area.columns.lowerBound, to: area.columns.upperBound, by: stride)
                .reshaped([1, -1])
        }
        let (a, b) = (cut(reference), cut(moved))
        let (meanA, meanB) = (a.mean(), b.mean())
        let (p, q) = (a - meanA, b - meanB)
        let (gy, gx) = (cut(gradients[0]), cut(gradients[1]))
        var columns = [gy, gx]
        if affine {
            let (y, x) = (cut(places(axis: 2)), cut(places(axis: 3)))
            columns += [gy * y, gy * x, gx * y, gx * x]
        }
        let basis = concatenated(columns + [p, Tensor.ones(p.shape, device: p.device)], axis: 0)  // [K, P]
        // Weighted from the first step on: something large that moves by itself would pull a plain fit along with it.
        guard let fit = leastSquares(basis, basis, q) else { return (nil, (1, 0, 0)) }
        let residual = q - fit.reshaped([1, -1]).matmul(basis)
        let scale = max(residual.abs().median(axis: 1).item() * 1.4826, 1e-4)
        let weights = 1 / ((residual / (3 * scale)).squared() + 1)
        guard let solution = leastSquares(basis * weights, basis, q) else { return (nil, (1, 0, 0)) }
        let values: [Double] = solution.to(dtype: .float64).scalars()
        let gain = values[values.count - 2]
        let correlation = Self.correlation(p, q, weights)
        guard gain > 0.05, correlation.isFinite else { return (nil, (1, 0, 0)) }
        let offset = meanB.item() - gain * meanA.item() + values[values.count - 1]
        return (values.dropLast(2).map { $0 / gain }, (gain, offset, correlation))
    }

    /// What moves by itself has little weight, and so does not make a frame of the same scene a stranger.
    private static func correlation(_ a: Tensor, _ b: Tensor, _ weights: Tensor) -> Double {
        let sum = weights.sum()
        let (p, q) = (a - (a * weights).sum() / sum, b - (b * weights).sum() / sum)
        let variances = (p.squared() * weights).sum() * (q.squared() * weights).sum()
        return ((p * q * weights).sum() / (variances + 1e-12).sqrt()).item()
    }

    /// Rows or columns counted from the centre.
    private func places(axis: Int) -> Tensor {
        let count = axis == 2 ? height : width
        let numbers = Tensor.range(from: 0, to: Double(count), device: reference.device) - Double(count - 1) / 2
        return numbers.reshaped(axis == 2 ? [1, 1, count, 1] : [1, 1, 1, count]).expanded([1, 1, height, width])
    }

    private func leastSquares(_ weighted: Tensor, _ basis: Tensor, _ target: Tensor) -> Tensor? {
        let matrix = weighted.matmul(basis.swappingAxes(0, 1)).to(dtype: .float64)
        let right = weighted.matmul(target.swappingAxes(0, 1)).to(dtype: .float64)
        // Scaling by the diagonal makes rows of pixels and rows of brightness comparable.
        let scale = matrix.diagonal().clamped(to: 1e-12...).sqrt()
        let scaled = matrix / (scale.unsqueezed(0) * scale.unsqueezed(1))
        guard matrix.isFinite().all().item() == 1 else { return nil }
        let ridge = Tensor.identity(matrix.shape[0], dtype: .float64, device: matrix.device) * 1e-9
        let solution = (scaled + ridge).solve(right / scale.unsqueezed(1)) / scale.unsqueezed(1)
        return solution.isFinite().all().item() == 1 ? solution.flattened().to(dtype: .float32) : nil
    }
}

extension BurstMotion {
    /// The shift at every sample, `[1, 2, height, width]`, right first, as ``Warp`` takes it.
    /// - Parameter spacing: distance of the samples, in pixels of the frames.
    func flow(height: Int, width: Int, spacing: Double = 1, device: Device = .cpu) -> Tensor {
        let y = (Tensor.range(from: 0, to: Double(height), device: device) - Double(height - 1) / 2) * spacing
        let x = (Tensor.range(from: 0, to: Double(width), device: device) - Double(width - 1) / 2) * spacing
        let (rows, columns) = (y.reshaped([1, 1, height, 1]), x.reshaped([1, 1, 1, width]))
        let downs = rows * slopes[0] + columns * slopes[1] + down
        let rights = rows * slopes[2] + columns * slopes[3] + right
        return concatenated([rights, downs], axis: 1) * (1 / spacing)
    }
}
