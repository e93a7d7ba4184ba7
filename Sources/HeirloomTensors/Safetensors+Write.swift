import Foundation

extension Safetensors {
    /// Writes a file beside its target and renames it when it is whole.
    ///
    /// The same tensors and texts give the same bytes. Wider elements come first, so that all are aligned; then names are
    /// in order. Tensors are written one at a time.
    /// - Parameters:
    ///   - tensors: On any device; complex128 is not part of the format.
    ///   - metadata: Texts stored beside them.
    /// - Throws: ``TensorFileError`` when the file cannot be written; the target is then untouched.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String] = [:], to path: String
    ) throws(TensorFileError) {
        let sorted = tensors.sorted {
            ($1.tensor.dtype.byteCount, $0.name) < ($0.tensor.dtype.byteCount, $1.name)
        }
        precondition(Set(sorted.map(\.name)).count == sorted.count, "Safetensors.write: two tensors of one name")
        let header = try header(sorted, metadata, path)
        // The process number keeps two writers of one target apart.
        let partial = path + ".\(getpid()).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path, "cannot be created") }
        var isOpen = true
        defer {
            if isOpen { close(descriptor) }
            unlink(partial)  // after the rename there is nothing of this name
        }
        func put(_ bytes: UnsafeRawBufferPointer) -> Result<Void, TensorFileError> {
            Result { () throws(TensorFileError) in try write(bytes, descriptor, path) }
        }
        try header.withUnsafeBytes(put).get()
        for (_, tensor) in sorted {
            try tensor.detached().to(device: .cpu).contiguous().withUnsafeBytes(put).get()
        }
        guard fsync(descriptor) == 0 else { throw failure(path, "cannot be written") }
        isOpen = false
        guard close(descriptor) == 0 else { throw failure(path, "cannot be written") }
        guard rename(partial, path) == 0 else { throw failure(path, "cannot be put in its place") }
    }

    /// The length field and the JSON, padded with spaces so that the data begin at a multiple of 8.
    private static func header(
        _ tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String], _ path: String
    ) throws(TensorFileError) -> [UInt8] {
        var fields: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for (name, tensor) in tensors {
            guard let type = Self.name(tensor.dtype) else {
                throw TensorFileError(
                    .unwritable, path: path, reason: "safetensors cannot hold \(name), a tensor of \(tensor.dtype)")
            }
            let end = offset + tensor.count * tensor.dtype.byteCount
            fields.append(
                "\(quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(tensor.shape.map(String.init).joined(separator: ","))],"
                    + "\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var json = Array("{\(fields.joined(separator: ","))}".utf8)
        json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
        guard json.count <= maximumHeaderBytes else {
            throw TensorFileError(.unwritable, path: path, reason: "a header of \(json.count) bytes is too long")
        }
        return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, _ descriptor: Int32, _ path: String)
        throws(TensorFileError)
    {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure(path, "cannot be written") }
            rest = rest.dropFirst(count)
        }
    }

    private static func failure(_ path: String, _ what: String) -> TensorFileError {
        let cause = String(cString: strerror(errno))
        return TensorFileError(
            .unwritable, path: path, reason: "\(what): \(cause); check the folder, its permissions and the free space")
    }
}
