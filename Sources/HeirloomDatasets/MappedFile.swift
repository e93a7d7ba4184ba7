import Foundation

/// A file mapped read-only into memory for as long as the object lives.
///
/// `Sendable` without a lock: the mapping never changes after `init`, and nothing writes through it.
final class MappedFile: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    init(path: String) throws {
        func failure(_ what: String) -> DatasetError {
            DatasetError(code: .inaccessible, path: path, reason: "\(what): \(String(cString: strerror(errno)))")
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("cannot be opened") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DatasetError(code: .inaccessible, path: path, reason: "is not a file; give the packed store itself")
        }
        let length = Int(status.st_size)
        guard length >= PackedFormat.headerLength else {
            throw DatasetError(
                code: .invalidStore, path: path,
                reason: "is too short for a packed store (\(length) bytes); pack it again")
        }
        let base = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0)
        guard let base, base != MAP_FAILED else { throw failure("cannot be mapped into memory") }
        bytes = UnsafeRawBufferPointer(start: base, count: length)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
