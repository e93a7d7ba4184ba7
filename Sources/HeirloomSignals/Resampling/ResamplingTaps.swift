import HeirloomTensors

/// One axis of a resampling: which source samples make each sample of the result, with half-pixel centres and the
/// outermost samples repeated outside.
struct ResamplingTaps {
    /// Samples of the source along the axis.
    let source: Int
    /// Samples of the whole result along the axis.
    let target: Int
    let kernel: ResamplingKernel
    /// Source samples per sample of the result.
    private let ratio: Double
    /// By how much the curve is stretched.
    private let stretch: Double

    /// - Precondition: both sizes are positive.
    init(from source: Int, to target: Int, kernel: ResamplingKernel, antialias: Bool = true) {
        precondition(source > 0 && target > 0, "an axis of \(source) samples cannot become one of \(target)")
        self.source = source
        self.target = target
        self.kernel = kernel
        ratio = Double(source) / Double(target)
        stretch = kernel == .area ? ratio : antialias ? max(ratio, 1) : 1
    }

    /// The source samples that a range of the result needs.
    func sources(for outputs: Range<Int>) -> Range<Int> {
        precondition(
            outputs.lowerBound >= 0 && outputs.upperBound <= target && !outputs.isEmpty,
            "no samples \(outputs) among \(target)")
        let first = places(outputs.lowerBound).lowerBound
        let last = places(outputs.upperBound - 1).upperBound
        return clamped(first)..<clamped(last) + 1
    }

    /// The samples under the curve of one sample of the result, those outside the source included.
    private func places(_ output: Int) -> ClosedRange<Int> {
        let centre = (Double(output) + 0.5) * ratio - 0.5
        // An area reaches into every sample that it overlaps, half a sample beyond the outermost centre inside it.
        let reach = kernel.radius * stretch + (kernel == .area ? 0.5 : 0)
        let (low, high) = (Int((centre - reach).rounded(.up)), Int((centre + reach).rounded(.down)))
        return low <= high ? low...high : low...low
    }

    private func clamped(_ place: Int) -> Int { min(max(place, 0), source - 1) }

    /// The weights of samples `inputs` (columns) in samples `outputs` (rows) of the result; rows sum to 1.
    func matrix(outputs: Range<Int>, inputs: Range<Int>) -> [Double] {
        var matrix = [Double](repeating: 0, count: outputs.count * inputs.count)
        for (row, output) in outputs.enumerated() {
            let centre = (Double(output) + 0.5) * ratio - 0.5
            let places = places(output)
            var weights = places.map { weight(at: Double($0), centre) }
            let sum = weights.reduce(0, +)
            // A curve narrower than the samples' distance can fall between two of them: then the nearest counts.
            if sum == 0 { weights = places.map { $0 == Int(centre.rounded()) ? 1 : 0 } }
            for (place, weight) in zip(places, weights) where weight != 0 {
                let column = clamped(place) - inputs.lowerBound
                matrix[row * inputs.count + column] += weight / (sum == 0 ? 1 : sum)
            }
        }
        return matrix
    }

    private func weight(at place: Double, _ centre: Double) -> Double {
        guard kernel == .area else { return kernel((place - centre) / stretch) }
        let half = stretch / 2
        return max(min(place + 0.5, centre + half) - max(place - 0.5, centre - half), 0)
    }

    /// Resamples one axis.
    ///
    /// The result is made in blocks, each a dense matrix product with the few source samples that it needs: near the speed
    /// of memory, whatever the ratio.
    /// - Parameters:
    ///   - picture: `[N, C, H, W]`, of which the axis holds samples from `firstSource` on.
    ///   - axis: 2 (rows) or 3 (columns).
    ///   - outputs: the samples of the result that are wanted.
    func applied(to picture: Tensor, axis: Int, outputs: Range<Int>, firstSource: Int = 0) -> Tensor {
        let shape = picture.shape
        let needed = sources(for: outputs)
        precondition(
            firstSource <= needed.lowerBound && needed.upperBound <= firstSource + shape[axis],
            "samples \(outputs) need samples \(needed) of the source, given \(shape[axis]) from \(firstSource) on")
        if source == target && kernel != .area {
            // Every sample falls on one of the source, where these curves are 1 and 0 at all others.
            let first = outputs.lowerBound - firstSource
            return picture.sliced(axis: axis, from: first, to: first + outputs.count)
        }
        let planes = picture.reshaped([shape[0] * shape[1], shape[2], shape[3]])
        let taps = 2 * kernel.radius * stretch
        let block = Int(min(max(2 * taps / ratio, 16), 128))
        let pieces = stride(from: outputs.lowerBound, to: outputs.upperBound, by: block).map { start in
            let rows = start..<min(start + block, outputs.upperBound)
            let columns = sources(for: rows)
            let numbers = matrix(outputs: rows, inputs: columns)
            let weights = Tensor(numbers, shape: [rows.count, columns.count])
                .to(dtype: picture.dtype, device: picture.device)
            let part = planes.sliced(
                axis: axis - 1, from: columns.lowerBound - firstSource, to: columns.upperBound - firstSource)
            // [NC, rows, W] or [NC, H, rows]
            return axis == 2
                ? weights.unsqueezed(0).expanded([planes.shape[0], -1, -1]).matmul(part)
                : part.matmul(weights.swappingAxes(0, 1))
        }
        let joined = pieces.count == 1 ? pieces[0] : concatenated(pieces, axis: axis - 1)
        return joined.reshaped([shape[0], shape[1], joined.shape[1], joined.shape[2]])
    }
}
