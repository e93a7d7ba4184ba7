import HeirloomLayers
import HeirloomTensors

/// A tensor of a file whose elements have not been read yet.
struct PendingTensor {
    /// Elements that are read at once: 2 MB in float32.
    private static let part = 1 << 19

    /// Shape and element type.
    let form: TensorForm
    private let read: () throws -> Tensor
    /// The bytes in the file, where they are the elements in order.
    private let place: (file: MappedFile, range: Range<Int>)?

    /// A tensor that has been read after all.
    init(_ tensor: Tensor) {
        form = TensorForm(shape: tensor.shape, dtype: tensor.dtype)
        read = { tensor }
        place = nil
    }

    /// A tensor of a storage that lies at a place of a file.
    init(_ name: String, _ stored: StoredTensor, in file: MappedFile, at range: Range<Int>) throws(CheckpointError) {
        form = TensorForm(shape: stored.shape, dtype: stored.storage.dtype)
        read = { try stored.load(name, from: file, at: range) }
        place = try stored.plainRange(name, at: range).map { (file, $0) }
    }

    /// The tensor.
    func tensor() throws -> Tensor { try read() }

    /// Copies the elements into a tensor of the same shape, a part at a time, and gives the file's memory back: so a large
    /// file is never in memory twice.
    /// - Throws: ``CheckpointError`` where an element is not finite.
    func copy(into target: Tensor, named name: String) throws {
        func put(_ part: Tensor, into target: Tensor) throws {
            guard part.hasOnlyFiniteElements else {
                throw CheckpointError(
                    .corrupt, reason: "the tensor that becomes \(name) has values that are not finite")
            }
            target.copy(from: part)
        }
        try withoutGradients {
            guard let place, let rows = form.shape.first, rows > 1, form.shape.reduce(1, *) > Self.part else {
                try put(try read(), into: target)
                if let place { place.file.release(place.range) }
                return
            }
            let rowBytes = place.range.count / rows
            let step = max(1, Self.part / max(1, rowBytes / form.dtype.byteCount))
            for start in stride(from: 0, to: rows, by: step) {
                let end = min(start + step, rows)
                let begin = place.range.lowerBound
                let range = begin + start * rowBytes..<begin + end * rowBytes
                let part = place.file.tensor(
                    at: range, shape: [end - start] + form.shape.dropFirst(), dtype: form.dtype)
                try put(part, into: target.sliced(axis: 0, from: start, to: end))
                place.file.release(range)
            }
        }
    }
}
