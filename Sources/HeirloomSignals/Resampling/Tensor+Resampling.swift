public import HeirloomTensors

extension Tensor {
    /// Rows `rows` of what ``resized(height:width:mode:alignCorners:antialias:)`` (bilinear) would give for the full
    /// height, without computing the other rows.
    ///
    /// - Shape: `[N, C, h, w]` → `[N, C, rows, width]`.
    /// - Precondition: the rows lie in `0 ..< height`.
    public func enlargedRows(_ rows: Range<Int>, height: Int, width: Int) -> Tensor {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= height && !rows.isEmpty, "no rows \(rows) of \(height)")
        guard isDefined else { return self }
        let sourceHeight = shape[2]
        let scale = Double(sourceHeight) / Double(height)
        var upper: [Int64] = []
        var lower: [Int64] = []
        var weights: [Float] = []
        for row in rows {
            let position = Swift.max((Double(row) + 0.5) * scale - 0.5, 0)
            let first = Swift.min(Int(position), sourceHeight - 1)
            upper.append(Int64(first))
            lower.append(Int64(Swift.min(first + 1, sourceHeight - 1)))
            weights.append(Float(position - Double(first)))
        }
        let above = gatheredRows(axis: 2, Tensor(upper, device: device))
        let below = gatheredRows(axis: 2, Tensor(lower, device: device))
        let weight = Tensor(weights, shape: [1, 1, rows.count, 1], device: device).to(dtype: dtype)
        let mixed = above + (below - above) * weight
        return mixed.resized(height: rows.count, width: width)
    }

    /// The picture read a fraction of a sample further right and further down, edges repeated, linear in between.
    ///
    /// - Shape: `[N, C, H, W]` → the same.
    /// - Precondition: both offsets lie in −1...1.
    public func shifted(right x: Double, down y: Double) -> Tensor {
        precondition(Swift.abs(x) <= 1 && Swift.abs(y) <= 1, "a shift by \(x), \(y) samples is more than one")
        var result = self
        for (axis, offset) in [(3, x), (2, y)] where offset != 0 {
            let size = result.shape[axis]
            guard size > 1 else { continue }
            let neighbour =
                offset > 0
                ? concatenated(
                    [result.sliced(axis: axis, from: 1), result.sliced(axis: axis, from: size - 1)], axis: axis)
                : concatenated(
                    [result.sliced(axis: axis, from: 0, to: 1), result.sliced(axis: axis, from: 0, to: size - 1)],
                    axis: axis)
            result = result.interpolated(to: neighbour, weight: Swift.abs(offset))
        }
        return result
    }

    /// Mirrored margins to the right and below, up to multiples of a number: what networks with strides need.
    ///
    /// Mirroring repeats where a picture is smaller than its margin. Undone by taking the first H rows and W columns.
    /// - Shape: `[N, C, H, W]` → `[N, C, H', W']`.
    /// - Precondition: the multiple is positive.
    public func paddedByReflection(toMultipleOf multiple: Int) -> Tensor {
        precondition(multiple > 0, "sizes cannot be multiples of \(multiple)")
        guard isDefined else { return self }
        var result = self
        for (axis, order) in [(3, 0), (2, 1)] {
            let target = (shape[axis] + multiple - 1) / multiple * multiple
            while result.shape[axis] < target {
                let size = result.shape[axis]
                let missing = target - size
                if size == 1 {
                    result = result.repeated((0..<4).map { $0 == axis ? target : 1 })
                } else {
                    let margin = Swift.min(missing, size - 1)
                    result = result.padded(order == 0 ? [0, margin, 0, 0] : [0, 0, 0, margin], mode: .reflect)
                }
            }
        }
        return result
    }
}
