import Foundation
import HeirloomMedia
import HeirloomModels

/// Writes and removes the files of a job folder so that a power cut leaves the old state or the new one.
enum JobFiles {
    static let operation = "keep the work in"

    /// Writes a file whole or not at all: beside it first, flushed, then renamed, the folder flushed.
    ///
    /// - Throws: `diskFull` or `writeFailed`.
    static func write(_ bytes: Data, to path: String) throws(MediaError) {
        let beside = path + ".new"
        let file = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw failure(path) }
        let cause = bytes.withUnsafeBytes { put($0, file) }
        close(file)
        if let cause {
            unlink(beside)
            throw failure(path, cause)
        }
        guard rename(beside, path) == 0 else {
            let cause = errno
            unlink(beside)
            throw failure(path, cause)
        }
        try flush(folderOf: path)
    }

    /// Writes all bytes and flushes them; gives the system's number for what went wrong.
    private static func put(_ bytes: UnsafeRawBufferPointer, _ file: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Foundation.write(file, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = rest.dropFirst(count)
        }
        return fsync(file) == 0 || isUnflushable(errno) ? nil : errno
    }

    /// Makes names that were given or taken in a folder last.
    static func flush(folderOf path: String) throws(MediaError) {
        let folder = split(path).folder
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure(folder) }
        defer { close(file) }
        guard fsync(file) == 0 || isUnflushable(errno) else { throw failure(folder) }
    }

    /// Makes the bytes of a file last.
    static func flush(_ path: String) throws(MediaError) {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        guard fsync(file) == 0 || isUnflushable(errno) else { throw failure(path) }
    }

    /// Some network and FUSE file systems, and some for folders, do not flush and say so.
    private static func isUnflushable(_ cause: Int32) -> Bool { cause == EINVAL || cause == ENOTSUP || cause == EBADF }

    /// The digest of a file.
    static func digest(_ path: String) throws(MediaError) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw MediaError(.unreadable, "read the file", path: path, reason: "it may not be opened")
        }
        defer { try? file.close() }
        var hash = SHA256()
        do {
            while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
                data.withUnsafeBytes { hash.update($0) }
            }
        } catch {
            throw MediaError(
                .unreadable, "read the file", path: path, reason: "the disk does not give all of it",
                advice: "check the disk")
        }
        return hash.hexadecimal
    }

    /// A value as bytes that are the same every time.
    static func encoded(_ value: some Encodable) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        do {
            return try encoder.encode(value)
        } catch {
            preconditionFailure("a record of a job cannot be written as JSON: \(error)")
        }
    }

    /// Reads what ``encoded(_:)`` wrote; nil for anything else.
    static func decoded<Value: Decodable>(_ type: Value.Type, at path: String) -> Value? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return try? decoder.decode(type, from: data)
    }

    /// Whether there is anything under a name.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The folder and the name of a path.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        return (slash == path.startIndex ? "/" : String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    private static func failure(_ path: String, _ cause: Int32 = errno) -> MediaError {
        if cause == ENOSPC || cause == EDQUOT {
            return MediaError(
                .diskFull, operation, path: path, reason: "the disk is full",
                advice: "free some space or write to another disk")
        }
        return MediaError(
            .writeFailed, operation, path: path, reason: String(cString: strerror(cause)).lowercased(),
            advice: "check the disk and the folder's permissions")
    }
}
