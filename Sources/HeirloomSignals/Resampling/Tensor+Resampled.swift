public import HeirloomTensors

extension Tensor {
    /// The picture at another size, both axes resampled one after the other.
    ///
    /// Samples are the centres of pixels, the outermost pixels are repeated outside, the weights of every sample sum to 1.
    /// Half-precision pictures are computed in float32. Gradients flow through it.
    /// - Shape: `[N, C, H, W]` → `[N, C, height, width]`.
    /// - Parameter antialias: stretches the curve when shrinking, so that every sample counts; without it fine texture
    ///   turns into moiré.
    /// - Precondition: the elements are floating point numbers, both sizes positive.
    public func resampled(height: Int, width: Int, kernel: ResamplingKernel, antialias: Bool = true) -> Tensor {
        guard isDefined else { return self }
        return resampledRows(
            0..<height, height: height, width: width, kernel: kernel, antialias: antialias, sourceHeight: shape[2])
    }

    /// Rows `rows` of ``resampled(height:width:kernel:antialias:)`` from the rows around them only: huge pictures need
    /// not be in memory as a whole.
    ///
    /// ``ResamplingKernel/sourceRows(for:height:sourceHeight:antialias:)`` says which rows of the source are needed; more
    /// may be given. Equal to those rows of the whole up to rounding.
    /// - Shape: `[N, C, h, W]` → `[N, C, rows, width]`.
    /// - Parameters:
    ///   - height: rows of the whole result.
    ///   - sourceHeight: rows of the whole source.
    ///   - firstSourceRow: the row of the source that is this tensor's first.
    /// - Precondition: the elements are floating point numbers, and the tensor holds all rows that are needed.
    public func resampledRows(
        _ rows: Range<Int>, height: Int, width: Int, kernel: ResamplingKernel, antialias: Bool = true,
        sourceHeight: Int, firstSourceRow: Int = 0
    ) -> Tensor {
        guard isDefined else { return self }
        precondition(rank == 4 && dtype.isFloatingPoint, "\(summary) is no picture that can be resampled")
        let vertical = ResamplingTaps(from: sourceHeight, to: height, kernel: kernel, antialias: antialias)
        let horizontal = ResamplingTaps(from: shape[3], to: width, kernel: kernel, antialias: antialias)
        let needed = vertical.sources(for: rows)
        precondition(
            firstSourceRow <= needed.lowerBound && needed.upperBound <= firstSourceRow + shape[2],
            "rows \(rows) need rows \(needed) of the source, given \(shape[2]) from \(firstSourceRow) on")
        let isNarrow = dtype == .float16 || dtype == .bfloat16
        var x = sliced(axis: 2, from: needed.lowerBound - firstSourceRow, to: needed.upperBound - firstSourceRow)
        if isNarrow { x = x.to(dtype: .float32) }
        // The pass that makes less of the picture goes first; the result is the same.
        let verticalFirst = rows.count * shape[3] <= needed.count * width
        if verticalFirst { x = vertical.applied(to: x, axis: 2, outputs: rows, firstSource: needed.lowerBound) }
        x = horizontal.applied(to: x, axis: 3, outputs: 0..<width)
        if !verticalFirst { x = vertical.applied(to: x, axis: 2, outputs: rows, firstSource: needed.lowerBound) }
        return isNarrow ? x.to(dtype: dtype) : x
    }
}

extension ResamplingKernel {
    /// The rows of the source that rows of the result need, see
    /// ``HeirloomTensors/Tensor/resampledRows(_:height:width:kernel:antialias:sourceHeight:firstSourceRow:)``.
    public func sourceRows(
        for rows: Range<Int>, height: Int, sourceHeight: Int, antialias: Bool = true
    ) -> Range<Int> {
        ResamplingTaps(from: sourceHeight, to: height, kernel: self, antialias: antialias).sources(for: rows)
    }
}
