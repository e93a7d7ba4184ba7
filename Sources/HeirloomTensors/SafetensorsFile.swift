/// A safetensors file, memory-mapped: everything its header says is checked before anything is used.
///
/// Tensors borrow the mapping: they cost nothing until they are read, keep it alive, and must not be written into.
public final class SafetensorsFile {
    /// What the header says of one tensor.
    public struct Entry: Hashable, Sendable {
        /// Element type.
        public let dtype: DType
        /// Size of each axis.
        public let shape: [Int]
        /// Where its elements are in the file.
        let range: Range<Int>
    }

    /// The file.
    public let path: String
    /// The texts stored beside the tensors.
    public let metadata: [String: String]
    /// The names of the tensors in the order of their data.
    public let names: [String]
    /// What the header says of each tensor.
    public let entries: [String: Entry]
    private let file: MappedFile

    /// Maps and validates a file.
    /// - Throws: ``TensorFileError`` that says what is wrong, with which tensor, at which place.
    public init(path: String) throws(TensorFileError) {
        let file = try MappedFile(path: path)
        let header = try SafetensorsHeader(of: file)
        self.file = file
        self.path = path
        metadata = header.metadata
        names = header.tensors.map(\.name)
        entries = Dictionary(uniqueKeysWithValues: header.tensors.map { ($0.name, $0.entry) })
    }

    /// One tensor, on the CPU.
    /// - Throws: ``TensorFileError`` when the file has no tensor of that name.
    public func tensor(_ name: String) throws(TensorFileError) -> Tensor {
        guard let entry = entries[name] else {
            let some = names.prefix(5).joined(separator: ", ")
            throw TensorFileError(
                .missing, path: path, reason: "has no tensor \"\(name)\"; it has \(names.count), such as \(some)")
        }
        return tensor(entry)
    }

    /// All tensors by name, on the CPU.
    public func tensors() -> [String: Tensor] { entries.mapValues(tensor) }

    private func tensor(_ entry: Entry) -> Tensor {
        file.tensor(at: entry.range, shape: entry.shape, dtype: entry.dtype)
    }
}
