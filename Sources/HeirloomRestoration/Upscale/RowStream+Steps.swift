import Foundation
import HeirloomSignals
import HeirloomTensors

/// Steps that pictures pass through from top to bottom.
extension RowStream {
    /// How many rows a step makes at a time: enough for whole-array arithmetic, little memory.
    static func stepRows(width: Int) -> Int { max(8, (1 << 20) / max(1, width)) }

    /// A picture made of rows of others, a few at a time.
    ///
    /// - Parameters:
    ///   - rows: how many at a time; fewer than by its width where the rows of a larger picture hang on each.
    ///   - step: gives exactly the rows it is asked for.
    static func stepping(
        height: Int, width: Int, rows: Int? = nil, _ step: @escaping (Range<Int>) throws -> Tensor
    ) -> RowStream {
        let rows = rows ?? stepRows(width: width)
        return RowStream(height: height, width: width) { wanted in
            try step(wanted.lowerBound..<min(height, max(wanted.upperBound, wanted.lowerBound + rows)))
        }
    }

    /// The picture at another size; where it gets smaller every sample counts, unless that is switched off.
    func resampled(
        height target: Int, width targetWidth: Int, kernel: ResamplingKernel, antialias: Bool = true,
        rows step: Int? = nil
    ) -> RowStream {
        let reader = reader()
        let height = height
        return .stepping(height: target, width: targetWidth, rows: step) { rows in
            let needed = kernel.sourceRows(
                for: rows, height: target, sourceHeight: height, antialias: antialias)
            return try reader.rows(needed).resampledRows(
                rows, height: target, width: targetWidth, kernel: kernel, antialias: antialias,
                sourceHeight: height, firstSourceRow: needed.lowerBound)
        }
    }

    /// The picture reduced to the means of what each sample covers.
    func reduced(height target: Int, width targetWidth: Int, rows step: Int) -> RowStream {
        let factor = height / target
        guard factor * target == height, factor * targetWidth == width else {
            return resampled(height: target, width: targetWidth, kernel: .area, rows: step)
        }
        let reader = reader()
        return .stepping(height: target, width: targetWidth, rows: step) { rows in
            try reader.rows(rows.lowerBound * factor..<rows.upperBound * factor).meanPooled(
                kernel: factor, stride: factor)
        }
    }

    /// The picture enlarged in straight lines from sample to sample.
    func enlargedLinearly(height target: Int, width targetWidth: Int) -> RowStream {
        let factor = target / height
        guard factor * height == target, factor * width == targetWidth else {
            return resampled(height: target, width: targetWidth, kernel: .linear)
        }
        let reader = reader()
        let height = height
        return .stepping(height: target, width: targetWidth) { rows in
            // A row more on each side, so that the edges of the piece are not taken for those of the picture.
            let first = max(0, rows.lowerBound / factor - 1)
            let last = min(height, (rows.upperBound - 1) / factor + 2)
            let piece = try reader.rows(first..<last)
                .resized(height: (last - first) * factor, width: targetWidth)
            return piece.sliced(axis: 2, from: rows.lowerBound - first * factor, to: rows.upperBound - first * factor)
        }
    }

    /// The picture seen through a Gaussian, edges repeated.
    func smoothed(sigma: Double, rows step: Int? = nil) -> RowStream {
        let radius = Int((3 * sigma).rounded(.up))
        let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
        let sum = weights.reduce(0, +)
        let kernel = weights.map { Float($0 / sum) }
        let reader = reader()
        let (height, width) = (height, width)
        return .stepping(height: height, width: width, rows: step) { rows in
            let needed = max(0, rows.lowerBound - radius)..<min(height, rows.upperBound + radius)
            let given = try reader.rows(needed)
            let shape = given.shape
            let margins = [
                radius, radius, radius - (rows.lowerBound - needed.lowerBound),
                radius - (needed.upperBound - rows.upperBound),
            ]
            // Every channel is a picture of its own: [N·C, 1, rows, W].
            let planes = given.reshaped([shape[0] * shape[1], 1, shape[2], shape[3]]).padded(margins, mode: .replicate)
            let numbers = Tensor(kernel, device: given.device)
            return
                planes
                .conv2d(numbers.reshaped([1, 1, -1, 1])).conv2d(numbers.reshaped([1, 1, 1, -1]))
                .reshaped([shape[0], shape[1], rows.count, width])
        }
    }
}
