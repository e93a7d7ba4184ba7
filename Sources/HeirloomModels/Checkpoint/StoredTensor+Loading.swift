import HeirloomTensors

extension StoredTensor {
    /// Where the elements stand in order, row by row; nil for a tensor whose strides say otherwise.
    /// - Parameter range: Where the storage is in the file.
    func plainRange(_ name: String, at range: Range<Int>) throws(CheckpointError) -> Range<Int>? {
        let size = storage.dtype.byteCount
        let count = try checkedCount(name)
        var step = 1
        for axis in shape.indices.reversed() {
            guard shape[axis] == 1 || strides[axis] == step else { return nil }
            step *= shape[axis]
        }
        let begin = range.lowerBound + offset * size
        return begin..<begin + count * size
    }

    /// The tensor, over the bytes of its storage.
    /// - Parameter range: Where the storage is in the file.
    func load(_ name: String, from file: MappedFile, at range: Range<Int>) throws(CheckpointError) -> Tensor {
        let size = storage.dtype.byteCount
        guard range.count == storage.count * size else {
            throw CheckpointError(
                .corrupt, reason: "the elements of \(name) have \(range.count) bytes instead of \(storage.count * size)"
            )
        }
        let count = try checkedCount(name)
        guard count > 0 else { return .empty(shape, dtype: storage.dtype) }
        // Axes of size 1 may have any stride; the others, widest first, tell whether the elements fill their memory.
        let axes = shape.indices.filter { shape[$0] > 1 }.sorted { strides[$0] > strides[$1] }
        var step = 1
        let isDense = axes.reversed().allSatisfy { axis in
            defer { step *= shape[axis] }
            return strides[axis] == step
        }
        guard isDense else { return gathered(count, file, range) }
        let order = axes + shape.indices.filter { shape[$0] == 1 }
        let begin = range.lowerBound + offset * size
        let plain = file.tensor(at: begin..<begin + count * size, shape: order.map { shape[$0] }, dtype: storage.dtype)
        guard order != Array(shape.indices) else { return plain }
        return plain.transposed(shape.indices.map { axis in order.firstIndex(of: axis) ?? axis }).contiguous()
    }

    /// The number of elements, after checking that all of them lie in the storage.
    private func checkedCount(_ name: String) throws(CheckpointError) -> Int {
        func corrupt() -> CheckpointError {
            CheckpointError(
                .corrupt,
                reason: "\(name) of shape \(shape) and strides \(strides) at \(offset) does not lie in its "
                    + "storage of \(storage.count) elements")
        }
        guard shape.count == strides.count, shape.count <= 16, offset >= 0, !shape.contains(where: { $0 < 0 }),
            !strides.contains(where: { $0 < 0 })
        else { throw corrupt() }
        guard !shape.contains(0) else { return 0 }
        var (count, last) = (1, offset)
        for (size, stride) in zip(shape, strides) {
            let (product, tooMany) = count.multipliedReportingOverflow(by: size)
            let (step, tooWide) = (size - 1).multipliedReportingOverflow(by: stride)
            let (end, tooFar) = last.addingReportingOverflow(step)
            guard !tooMany, !tooWide, !tooFar else { throw corrupt() }
            (count, last) = (product, end)
        }
        // A stride of 0 could describe a tensor of any size over a single element.
        guard last < storage.count, count <= storage.count else { throw corrupt() }
        return count
    }

    /// A copy of elements that do not fill their memory.
    private func gathered(_ count: Int, _ file: MappedFile, _ range: Range<Int>) -> Tensor {
        let size = storage.dtype.byteCount
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * size)
        var index = [Int](repeating: 0, count: shape.count)
        for _ in 0..<count {
            let element = zip(index, strides).reduce(offset) { $0 + $1.0 * $1.1 }
            let begin = range.lowerBound + element * size
            bytes.append(contentsOf: file.bytes[begin..<begin + size])
            for axis in shape.indices.reversed() {
                index[axis] += 1
                if index[axis] < shape[axis] { break }
                index[axis] = 0
            }
        }
        return bytes.withUnsafeBytes { Tensor.copying($0, shape: shape, dtype: storage.dtype) }
    }
}
