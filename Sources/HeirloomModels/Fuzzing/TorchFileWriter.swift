import HeirloomTensors

/// Small files in PyTorch's two forms, for the fuzzer to damage: the pickle can be changed before checksums are made.
enum TorchFileWriter {
    /// The pickle that describes tensors, which lie in storages named `0`, `1`, ….
    static func pickle(_ state: [(name: String, tensor: Tensor)], under wrapper: String?, isStream: Bool) -> [UInt8] {
        var bytes: [UInt8] = [0x80, 2]
        if let wrapper { bytes += [0x7D] + text(wrapper) }  // EMPTY_DICT, key
        bytes += emptyOrdered + [0x28]  // MARK
        for (index, entry) in state.enumerated() {
            let kind =
                switch entry.tensor.dtype {
                case .float16: "HalfStorage"
                case .int64: "LongStorage"
                default: "FloatStorage"
                }
            bytes += text(entry.name) + global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28] + text("storage")
            bytes += global("torch", kind) + text("\(index)") + text("cpu")
            bytes += integer(entry.tensor.count) + (isStream ? [0x4E] : []) + [0x74, 0x51]  // NONE; TUPLE, BINPERSID
            bytes += integer(0) + tuple(entry.tensor.shape) + tuple(strides(entry.tensor.shape)) + [0x89]  // NEWFALSE
            bytes += emptyOrdered + [0x74, 0x52]  // TUPLE, REDUCE
        }
        bytes += [0x75]  // SETITEMS
        if wrapper != nil { bytes += [0x73] }  // SETITEM
        return bytes + [0x2E]  // STOP
    }

    /// The zip form around a pickle.
    static func zip(_ pickle: [UInt8], _ state: [(name: String, tensor: Tensor)]) -> [UInt8] {
        var entries = [("archive/data.pkl", pickle), ("archive/version", Array("3\n".utf8))]
        for (index, entry) in state.enumerated() { entries.append(("archive/data/\(index)", elements(entry.tensor))) }
        var (file, directory): ([UInt8], [UInt8]) = ([], [])
        for (name, data) in entries {
            let checksum = data.withUnsafeBytes { CRC32.checksum($0) }
            let sizes =
                little(Int(checksum), 4) + little(data.count, 4) + little(data.count, 4) + little(name.utf8.count, 2)
            let common = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0].map(UInt8.init)  // version, flags, method 0, time, date
            directory +=
                [0x50, 0x4B, 1, 2, 0, 0] + common + sizes + little(0, 12) + little(file.count, 4) + Array(name.utf8)
            file += [0x50, 0x4B, 3, 4] + common + sizes + little(0, 2) + Array(name.utf8) + data
        }
        let end =
            [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(entries.count, 2) + little(entries.count, 2)
            + little(directory.count, 4) + little(file.count, 4) + [0, 0]
        return file + directory + end
    }

    /// The stream form around a pickle.
    static func stream(_ pickle: [UInt8], _ state: [(name: String, tensor: Tensor)]) -> [UInt8] {
        let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        var file: [UInt8] = [0x80, 2, 0x8A, 10] + magic + [0x2E]
        file += [0x80, 2, 0x4D] + little(1001, 2) + [0x2E]
        file += [0x80, 2, 0x7D] + text("little_endian") + [0x88, 0x73, 0x2E] + pickle
        file += [0x80, 2, 0x5D, 0x28] + state.indices.flatMap { text("\($0)") } + [0x65, 0x2E]
        for (_, tensor) in state { file += little(tensor.count, 8) + elements(tensor) }
        return file
    }

    /// Elements of a tensor in row-major order.
    static func elements(_ tensor: Tensor) -> [UInt8] { tensor.contiguous().withUnsafeBytes { Array($0) } }

    /// A whole number as little-endian bytes.
    static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
    }

    private static let emptyOrdered = global("collections", "OrderedDict") + [0x29, 0x52]  // EMPTY_TUPLE, REDUCE

    private static func text(_ text: String) -> [UInt8] { [0x58] + little(text.utf8.count, 4) + Array(text.utf8) }
    private static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
    private static func integer(_ value: Int) -> [UInt8] { [0x4A] + little(value, 4) }
    private static func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(integer) + [0x74] }

    private static func strides(_ shape: [Int]) -> [Int] {
        shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
    }
}
