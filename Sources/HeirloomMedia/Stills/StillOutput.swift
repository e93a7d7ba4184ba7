import Foundation

/// The file beside its target that a saver writes to, with the head that a format needs put in on the way.
///
/// `@unchecked Sendable`: one thread uses it at a time; it goes to the thread that saves and comes back when that ends.
final class StillOutput: @unchecked Sendable {
    /// What is done to the saver's bytes before they reach the file.
    enum Editing {
        case none
        /// The first bytes are held back until `length` knows how many to give to `edit`.
        case head(length: ([UInt8]) -> Int?, edit: ([UInt8]) -> [UInt8])
        /// The whole file is held back: for formats that put a length at the beginning.
        case whole(([UInt8]) -> [UInt8])
    }

    /// The system's number for the first failure; 0 while all is well.
    private(set) var errorNumber: Int32 = 0
    private let file: Int32
    private let target: String
    private let operation: String
    private let editing: Editing
    private var held: [UInt8] = []
    private var isHolding: Bool
    private var isClosed = false

    /// Makes the file.
    ///
    /// - Throws: `diskFull`, `writeFailed`.
    init(path: String, target: String, operation: String, editing: Editing = .none) throws(MediaError) {
        file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        self.target = target
        self.operation = operation
        self.editing = editing
        if case .none = editing { isHolding = false } else { isHolding = true }
        guard file >= 0 else {
            isClosed = true
            throw FileChecks.writeFailure(errno: errno, target: target, operation: operation)
        }
    }

    deinit { if !isClosed { close(file) } }

    /// Takes the next bytes; false after a failure.
    func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard isHolding else { return store(bytes) }
        held.append(contentsOf: bytes)
        guard case .head(let length, let edit) = editing, let count = length(held) else { return errorNumber == 0 }
        isHolding = false
        let whole = edit(Array(held[..<count])) + held[count...]
        held = []
        return whole.withUnsafeBytes { store($0) }
    }

    /// Reads back from the file's own place; −1 after a failure.
    func read(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        precondition(!isHolding, "what is held back cannot be read")
        return Foundation.read(file, bytes.baseAddress, bytes.count)
    }

    /// Moves the file's own place; −1 after a failure.
    func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        precondition(!isHolding, "there are no places in what is held back")
        return Int64(lseek(file, off_t(offset), whence))
    }

    /// The tags of a finished TIFF file.
    var tags: TIFFBytes? { TIFFBytes { [file] offset, count in StillInput.exactly(count, of: file, at: offset) } }

    /// The length of the file.
    var byteCount: Int { Int(lseek(file, 0, SEEK_END)) }

    /// Writes what was held back and closes the file.
    ///
    /// - Throws: the first failure there was.
    func finish() throws(MediaError) {
        if isHolding {
            isHolding = false
            var rest = held
            if case .whole(let edit) = editing { rest = edit(held) }
            held = []
            rest.withUnsafeBytes { _ = store($0) }
        }
        // Some file systems report a full disk only here.
        isClosed = true
        if close(file) != 0 && errorNumber == 0 { errorNumber = errno }
        if let failure { throw failure }
    }

    /// The error of the first failure; nil while all is well.
    var failure: MediaError? {
        errorNumber == 0
            ? nil : FileChecks.writeFailure(errno: errorNumber, target: target, operation: operation)
    }

    private func store(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var written = 0
        while written < bytes.count && errorNumber == 0 {
            let part = Foundation.write(file, bytes.baseAddress! + written, bytes.count - written)
            if part >= 0 { written += part } else if errno != EINTR { errorNumber = errno }
        }
        return errorNumber == 0
    }
}
