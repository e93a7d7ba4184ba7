import Foundation

/// A whole file in memory, read by the system page by page when it is touched; tensors may borrow from it.
///
/// The file must not change while it is mapped: replace files by renaming, never by writing into them.
public final class MappedFile {
    /// The file.
    public let path: String
    /// Its bytes, valid as long as this object lives.
    public let bytes: UnsafeRawBufferPointer

    /// Maps a file.
    /// - Throws: ``TensorFileError`` when it is missing, unreadable, empty, or not a regular file.
    public init(path: String) throws(TensorFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw TensorFileError(.unreadable, path: path, reason: "cannot be opened: \(MappedFile.lastError)")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw TensorFileError(.unreadable, path: path, reason: "cannot be examined: \(MappedFile.lastError)")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw TensorFileError(.unreadable, path: path, reason: "is a directory: give a file")
        default: throw TensorFileError(.unreadable, path: path, reason: "is not a regular file")
        }
        let size = Int(status.st_size)
        guard size > 0 else { throw TensorFileError(.corrupt, path: path, reason: "is empty") }
        // Private and writable: a stray write lands in a copy of the page and not in the file.
        let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else {
            throw TensorFileError(.unreadable, path: path, reason: "cannot be mapped: \(MappedFile.lastError)")
        }
        self.path = path
        bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }

    private static var lastError: String { String(cString: strerror(errno)) }

    /// Gives the memory of some bytes back to the system; they are read again when they are touched.
    ///
    /// For going once through a file that shall not stay in memory.
    public func release(_ range: Range<Int>) {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let first = range.lowerBound / page * page
        let last = Swift.min((range.upperBound + page - 1) / page * page, bytes.count)
        guard first < last, let start = bytes.baseAddress else { return }
        madvise(UnsafeMutableRawPointer(mutating: start + first), last - first, MADV_DONTNEED)
    }

    /// A CPU tensor over some of the bytes, without copying them where they are aligned for their type.
    /// - Precondition: The range lies in the file and has exactly the tensor's size.
    public func tensor(at range: Range<Int>, shape: [Int], dtype: DType) -> Tensor {
        let part = UnsafeRawBufferPointer(rebasing: bytes[range])
        // Kernels read whole elements: a misaligned one would be undefined behaviour.
        let isAligned = part.baseAddress.map { Int(bitPattern: $0) % Swift.max(1, dtype.byteCount) == 0 } ?? true
        guard isAligned else { return Tensor.copying(part, shape: shape, dtype: dtype) }
        return Tensor.borrowing(part, shape: shape, dtype: dtype, owner: self)
    }
}
