import Foundation
import HeirloomMedia

/// A file for what does not fit into memory: it has no name from the moment it is made, so that whatever ends the
/// process leaves nothing behind.
final class ScratchFile {
    /// What fails where it does, as a verb phrase that follows "Cannot".
    static let operation = "keep intermediate sound in"

    private let descriptor: Int32
    private let folder: String

    /// A new, empty file on the disk of a folder.
    ///
    /// - Parameter folder: where the result will stand; there is room there, or there is none for the result either.
    /// - Throws: `MediaError` where the folder cannot be written.
    init(in folder: String) throws(MediaError) {
        self.folder = folder
        let path = folder + "/.heirloom-\(UUID().uuidString)"
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure(errno, folder) }
        unlink(path)
    }

    deinit { close(descriptor) }

    /// Writes bytes at a place.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(MediaError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(count == 0 ? ENOSPC : errno, folder) }
            done += count
        }
    }

    /// Fills a buffer with what stands at a place.
    ///
    /// - Precondition: so much was written there.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(MediaError) {
        var done = 0
        while done < bytes.count {
            let count = pread(descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(errno, folder) }
            precondition(count > 0, "a scratch file was read past its end")
            done += count
        }
    }

    private static func failure(_ number: Int32, _ folder: String) -> MediaError {
        if number == ENOSPC || number == EDQUOT {
            return MediaError(
                .diskFull, operation, path: folder, reason: "the disk is full",
                advice: "free some space or write the result to another disk")
        }
        return MediaError(
            .writeFailed, operation, path: folder,
            reason: String(cString: strerror(number)).lowercased(),
            advice: "check the folder's permissions or write the result elsewhere")
    }
}
