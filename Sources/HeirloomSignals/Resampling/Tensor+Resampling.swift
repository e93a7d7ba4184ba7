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
    /// Undone by taking the first H rows and W columns.
    /// - Shape: `[N, C, H, W]` → `[N, C, H', W']`.
    /// - Precondition: the multiple is positive.
    public func paddedByReflection(toMultipleOf multiple: Int) -> Tensor {
        precondition(multiple > 0, "sizes cannot be multiples of \(multiple)")
        guard isDefined else { return self }
        func missing(_ size: Int) -> Int { (multiple - size % multiple) % multiple }
        return paddedByReflection(bottom: missing(shape[2]), right: missing(shape[3]))
    }

    /// Mirrored margins of so many rows and columns below and to the right, without repeating the edge.
    ///
    /// Mirroring repeats where a picture is smaller than its margin; a side of one sample repeats it.
    /// - Shape: `[N, C, H, W]` → `[N, C, H + bottom, W + right]`.
    /// - Precondition: neither margin is negative.
    public func paddedByReflection(bottom: Int, right: Int) -> Tensor {
        precondition(bottom >= 0 && right >= 0, "a margin of \(bottom) rows and \(right) columns")
        func extended(_ x: Tensor, axis: Int, by margin: Int) -> Tensor {
            var (x, missing) = (x, margin)
            while missing > 0 {
                // A mirror reaches at most one sample less than the side; several of them reach any size.
                let size = x.shape[axis]
                let added = Swift.min(missing, Swift.max(size - 1, 1))
                x = x.padded(
                    axis == 2 ? [0, 0, 0, added] : [0, added, 0, 0], mode: size == 1 ? .replicate : .reflect)
                missing -= added
            }
            return x
        }
        guard isDefined else { return self }
        return extended(extended(self, axis: 2, by: bottom), axis: 3, by: right)
    }
}
