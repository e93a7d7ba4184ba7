import Foundation
public import HeirloomMedia
import HeirloomModels

/// What a source file is recognised by after hours: its size, and a digest of its beginning, its end and places between.
///
/// Files of up to 16 MiB are read whole. Of larger ones 256 blocks of 64 KiB are read, the first and the last among them:
/// another film, another cut or coding of the same film, a file that was cut off or written on is recognised; a change of
/// a few bytes between two blocks that leaves size and modification time alone is not.
public struct SourceIdentity: Sendable, Hashable, Codable {
    /// Bytes in the file.
    public let byteCount: Int
    /// When it was last written to, in nanoseconds since 1970; a copy with another time is still the same source.
    public let modified: Int
    /// SHA-256 of the blocks that were read, with the size before them.
    public let sha256: String

    static let blockBytes = 64 << 10
    static let blockCount = 256

    /// Looks at a file.
    ///
    /// - Throws: `MediaError` where it cannot be read.
    public init(path: String) throws(MediaError) {
        let facts = try FileFacts(path: path)
        byteCount = facts.byteCount
        modified = facts.modified
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw MediaError(
                .unreadable, "read the film", path: path, reason: "it may not be opened",
                advice: "check the permissions of the file")
        }
        defer { try? file.close() }
        var hash = SHA256()
        hash.update("\(byteCount)\n")
        do {
            for start in Self.blocks(of: facts.byteCount) {
                try file.seek(toOffset: UInt64(start))
                let data = try file.read(upToCount: Self.blockBytes) ?? Data()
                data.withUnsafeBytes { hash.update($0) }
            }
        } catch {
            throw MediaError(
                .unreadable, "read the film", path: path, reason: "the disk does not give all of it",
                advice: "copy it again from where it came from")
        }
        sha256 = hash.hexadecimal
    }

    /// Where the blocks begin.
    static func blocks(of byteCount: Int) -> [Int] {
        let whole = (byteCount + blockBytes - 1) / blockBytes
        guard whole > blockCount else { return (0..<whole).map { $0 * blockBytes } }
        let last = byteCount - blockBytes
        return (0..<blockCount).map { last / (blockCount - 1) * $0 + last % (blockCount - 1) * $0 / (blockCount - 1) }
    }

    /// Whether the other file is the same source: the modification time does not count.
    func isSame(as other: SourceIdentity) -> Bool { byteCount == other.byteCount && sha256 == other.sha256 }

    /// Throws where the file was written to since.
    ///
    /// - Throws: `corrupt`, saying so.
    func requireUnchanged(_ path: String) throws(MediaError) {
        let now = try FileFacts(path: path)
        guard now.byteCount == byteCount, now.modified == modified else {
            throw MediaError(
                .corrupt, "read the film", path: path, reason: "it was changed while it was being read",
                advice: "wait until whatever writes it is done, then start again with --restart")
        }
    }
}

/// Size and time of a file.
struct FileFacts: Equatable {
    let byteCount: Int
    let modified: Int

    init(path: String) throws(MediaError) {
        var info = stat()
        guard stat(path, &info) == 0 else {
            throw MediaError(
                errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable, "read the film", path: path,
                reason: String(cString: strerror(errno)).lowercased(), advice: "check the name and the folder")
        }
        byteCount = Int(info.st_size)
        #if canImport(Darwin)
            let time = info.st_mtimespec
        #else
            let time = info.st_mtim
        #endif
        modified = Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }
}
