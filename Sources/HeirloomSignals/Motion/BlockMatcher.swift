public import HeirloomTensors

/// Finds how a picture moved: block matching from coarse to fine, by sums of absolute differences.
///
/// Three levels, each half the size of the one before; the coarsest looks furthest. Blocks overlap (each difference is
/// averaged over 6 × 6 samples of its level), small motion is preferred where nothing tells them apart, and the finest
/// level interpolates between samples. A few large tensor operations for a whole batch: cheap on CPU and GPU.
public struct BlockMatcher: Sendable {
    /// How far each level looks, in its own samples, coarsest first.
    public let reach: [Int]
    /// What a sample of motion costs, in units of luma: keeps noise in flat parts from looking like motion.
    public let motionCost: Double
    /// How sharply the finest level prefers the better match, in 1 / luma.
    public let sharpness: Double

    /// A matcher.
    ///
    /// - Precondition: there is at least one level and every reach is positive.
    public init(reach: [Int] = [3, 2, 1], motionCost: Double = 0.002, sharpness: Double = 400) {
        precondition(!reach.isEmpty && reach.allSatisfy { $0 > 0 }, "block matching without reach: \(reach)")
        self.reach = reach
        self.motionCost = motionCost
        self.sharpness = sharpness
    }

    /// Samples of the finest level that a block covers along each axis.
    static let blockSide = 2  // which `halved()` sums

    /// Where each sample of `current` is found in `reference`.
    ///
    /// - Parameters:
    ///   - current: luma in 0...1. Shape `[N, 1, H, W]`.
    ///   - reference: the same shape.
    /// - Returns: how far right and down, in samples of the input, smooth over blocks: `[N, 2, H, W]`; the content of
    ///   `current` at p is that of `reference` at p + flow.
    public func flow(from current: Tensor, to reference: Tensor) -> Tensor {
        guard current.isDefined && reference.isDefined else { return current }
        let shape = current.shape
        precondition(
            shape.count == 4 && shape[1] == 1 && reference.shape == shape,
            "matching \(current.summary) with \(reference.summary)")
        let pair = concatenated([current, reference], axis: 0)
            .paddedToMultiple(of: Self.blockSide << reach.count)
        var levels: [Tensor] = []
        var level = pair
        for _ in reach {
            // The input's own resolution is never searched: chroma needs no finer motion, and noise is averaged out.
            level = level.halved()
            levels.append(level)
        }
        var flow: Tensor?
        for (index, level) in levels.reversed().enumerated() {
            let count = shape[0]
            flow = refine(
                flow, current: level.sliced(axis: 0, from: 0, to: count), reference: level.sliced(axis: 0, from: count),
                reach: reach[index], isFinest: index == reach.count - 1)
        }
        guard let flow else { return current }
        let padded = pair.shape
        // Blocks are two samples of half size: four samples of the input.
        return (flow * 2).resized(height: padded[2], width: padded[3])
            .sliced(axis: 2, from: 0, to: shape[2]).sliced(axis: 3, from: 0, to: shape[3])
    }

    /// One level: `[N, 2, h / 2, w / 2]` in samples of the level.
    private func refine(_ coarse: Tensor?, current: Tensor, reference: Tensor, reach: Int, isFinest: Bool) -> Tensor {
        let shape = current.shape
        let (height, width) = (shape[2], shape[3])
        let (rows, columns) = (height / Self.blockSide, width / Self.blockSide)
        var start: Tensor?
        var seen = reference
        if let coarse {
            // A block of the coarser level is two blocks of this one; its samples are twice as large.
            // Where the coarse level erred (a texture too fine for it), standing still is the better start.
            let found = (coarse * 2).resized(height: rows, width: columns)
            let moved = Warp(flow: (coarse * 2).resized(height: height, width: width))(reference)
            let isBetter = blockCost((moved - current).abs()) .< blockCost((reference - current).abs())
            let kept = found * isBetter.to(dtype: .float32)
            start = kept
            seen = Warp(flow: kept.resized(height: height, width: width))(reference)
        }
        let side = 2 * reach + 1
        let candidates = seen.padded([reach, reach, reach, reach], mode: .replicate)
            .windows(axis: 2, size: height, step: 1).windows(axis: 3, size: width, step: 1)  // [N, 1, side, side, h, w]
        let difference = (candidates - current.reshaped([shape[0], 1, 1, 1, height, width])).abs()
            .reshaped([shape[0], side * side, height, width])
        let cost = blockCost(difference) + penalty(reach: reach, device: current.device)
        let step = displacement(cost, reach: reach, isFinest: isFinest)
        return start.map { $0 + step } ?? step
    }

    /// The mean difference around each block: `[N, C, h, w]` → `[N, C, h / 2, w / 2]`.
    private func blockCost(_ difference: Tensor) -> Tensor {
        difference.halved().boxMean(radius: 1)
    }

    /// The best displacement of each block: the cheapest one, or at the finest level the mean weighted by cheapness,
    /// which falls between samples.
    private func displacement(_ cost: Tensor, reach: Int, isFinest: Bool) -> Tensor {
        let side = 2 * reach + 1
        let (count, rows, columns) = (cost.shape[0], cost.shape[2], cost.shape[3])
        let offsets = (0..<side * side).map { (Float($0 % side - reach), Float($0 / side - reach)) }
        let table = Tensor(offsets.map(\.0) + offsets.map(\.1), shape: [2, side * side], device: cost.device)
        guard !isFinest else {
            let weights = ((cost - cost.min(axes: [1], keepingDimensions: true)) * -sharpness).softmax(axis: 1)
            return table.matmul(weights.reshaped([count, side * side, rows * columns]))
                .reshaped([count, 2, rows, columns])
        }
        return table.gatheredRows(axis: 1, cost.argmin(axis: 1).reshaped([count * rows * columns]))
            .reshaped([2, count, rows, columns]).swappingAxes(0, 1)
    }

    private func penalty(reach: Int, device: Device) -> Tensor {
        let side = 2 * reach + 1
        let lengths = (0..<side * side).map { index in
            let (x, y) = (Float(index % side - reach), Float(index / side - reach))
            return Float(motionCost) * (x * x + y * y).squareRoot()
        }
        return Tensor(lengths, shape: [1, side * side, 1, 1], device: device)
    }
}

extension Tensor {
    /// Edge samples repeated to the right and below, up to multiples of a number.
    fileprivate func paddedToMultiple(of multiple: Int) -> Tensor {
        let (height, width) = (shape[2], shape[3])
        let bottom = (multiple - height % multiple) % multiple
        let right = (multiple - width % multiple) % multiple
        return padded([0, right, 0, bottom], mode: .replicate)
    }
}
