public import HeirloomTensors

/// A file with weights in any form that is read: safetensors, PyTorch's zip form, PyTorch's old stream form.
///
/// Nothing in a file is ever run. Tensors borrow the memory-mapped file where they lie in it in order: never write into
/// them.
public struct Checkpoint {
    /// The file.
    public let path: String
    /// The tensors in the order of the file, without wrapping tables and common prefixes.
    public let tensors: [(name: String, tensor: Tensor)]

    /// The tensors by name.
    public var state: [String: Tensor] { Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first } }

    /// Reads a file.
    /// - Throws: ``CheckpointError`` or `TensorFileError` that says what is wrong, where, and what to do.
    public init(path: String) throws {
        self.path = path
        do {
            tensors = try Self.pending(path).map { ($0.name, try $0.tensor.tensor()) }
        } catch var error as CheckpointError {
            if error.path.isEmpty { error.path = path }
            throw error
        }
    }

    /// The tensors of a file in its order; those of the old stream form are not read yet.
    static func pending(_ path: String) throws -> [(name: String, tensor: PendingTensor)] {
        let file = try MappedFile(path: path)
        let start = Array(file.bytes.prefix(9))
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            return try TorchZipFile.read(file).map { ($0.name, PendingTensor($0.tensor)) }
        }
        if start.first == 0x80, start.count > 2, (2...4).contains(start[1]) { return try TorchStreamFile.read(file) }
        if start.count == 9, start[8] == UInt8(ascii: "{") {
            let safetensors = try SafetensorsFile(path: path)
            return try safetensors.names.map { ($0, PendingTensor(try safetensors.tensor($0))) }
        }
        throw CheckpointError(
            .unsupported,
            reason: "is neither a safetensors file nor a PyTorch file: give a .safetensors or .pth file with weights")
    }
}
