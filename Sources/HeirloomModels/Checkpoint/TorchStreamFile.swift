import HeirloomTensors

/// PyTorch's form before 2020: five pickles, then the storages in the order of the fifth.
enum TorchStreamFile {
    /// 0x1950a86a20f9469cfc6c, as the first pickle writes it.
    private static let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]

    static func read(_ file: MappedFile) throws -> [(name: String, tensor: PendingTensor)] {
        var position = 0
        var named: [String: TorchStorage] = [:]
        func next<R>(_ body: (PickleValue) throws -> R) throws -> R {
            let rest = UnsafeRawBufferPointer(rebasing: file.bytes[position...])
            return try Unpickler.read(rest, base: position) { result in
                position += result.count
                named.merge(result.storages) { first, _ in first }
                return try body(result.value)
            }
        }
        try next { value in
            guard case .long(let bytes) = value, bytes == magic else {
                throw CheckpointError(
                    .unsupported, reason: "is a pickle, but not one of PyTorch: give a .pth file with weights")
            }
        }
        try next { value in
            guard value.int == 1001 else {
                throw CheckpointError(.unsupported, reason: "is a PyTorch stream of another version than 1001")
            }
        }
        try next { value in
            if case .dictionary(let system) = value, case .bool(false)? = system["little_endian"] {
                throw CheckpointError(.unsupported, reason: "its numbers are big-endian, which is not read")
            }
        }
        let weights = try next { try CheckpointLayout.weights(in: $0) }
        let keys = try next { value in
            guard let items = value.items, case let keys = items.compactMap(\.text), keys.count == items.count else {
                throw CheckpointError(.corrupt, reason: "its list of storages is damaged")
            }
            return keys
        }
        try CheckpointLayout.refuseInflation(weights, fileBytes: file.bytes.count)
        let places = try Self.places(of: keys, named, file, from: position)
        return try weights.map { name, tensor in
            guard let range = places[tensor.storage.key] else {
                throw CheckpointError(.corrupt, reason: "the elements of \(name) are missing: fetch the file again")
            }
            return (name, try PendingTensor(name, tensor, in: file, at: range))
        }
    }

    /// Where each storage is.
    private static func places(
        of keys: [String], _ named: [String: TorchStorage], _ file: MappedFile, from start: Int
    ) throws(CheckpointError) -> [String: Range<Int>] {
        var result: [String: Range<Int>] = [:]
        var position = start
        for key in keys {
            guard let storage = named[key] else {
                throw CheckpointError(.corrupt, reason: "storage \(key) is listed but never described")
            }
            guard position <= file.bytes.count - 8 else {
                throw CheckpointError(
                    .corrupt, reason: "it ends at byte \(file.bytes.count) before storage \(key): it was cut off")
            }
            let count = Int64(littleEndian: file.bytes.loadUnaligned(fromByteOffset: position, as: Int64.self))
            position += 8
            guard count == storage.count, storage.count <= (file.bytes.count - position) / storage.dtype.byteCount
            else {
                throw CheckpointError(
                    .corrupt,
                    reason: "storage \(key) of \(storage.count) elements does not fit at byte \(position): the file is "
                        + "damaged or was cut off")
            }
            let end = position + storage.count * storage.dtype.byteCount
            result[key] = position..<end
            position = end
        }
        guard position == file.bytes.count else {
            throw CheckpointError(.corrupt, reason: "\(file.bytes.count - position) bytes follow its last storage")
        }
        return result
    }
}
