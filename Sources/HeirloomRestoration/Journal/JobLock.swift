import Foundation
import HeirloomMedia

/// Keeps two processes from working on one target: an advisory lock on the file `lock` of the job folder.
///
/// The lock goes with the process, however it ends. The file holds the number of the process for whom it may concern.
final class JobLock: Sendable {
    private let file: Int32

    private init(file: Int32) { self.file = file }

    deinit { close(file) }

    /// Locks a folder, making it where it is missing.
    ///
    /// - Throws: `MediaError`: `exists` where another process (or another job of this one) works on the target.
    static func take(_ folder: String, target: String) throws(MediaError) -> JobLock {
        let path = folder + "/lock"
        while true {
            if mkdir(folder, 0o777) != 0, errno != EEXIST { throw unusable(target, folder) }
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            if file < 0 {
                if errno == ENOENT { continue }  // the folder went away meanwhile: the other job was done
                throw unusable(target, folder)
            }
            let lock = JobLock(file: file)
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                guard errno == EWOULDBLOCK || errno == EAGAIN else { throw unusable(target, folder) }
                throw MediaError(
                    .exists, "write the film", path: target,
                    reason: "\(holder(of: path)) is working on it at this moment",
                    advice: "wait until it is done, or stop it")
            }
            // A lock on a file that was removed meanwhile locks nobody out.
            guard isFile(file, at: path) else { continue }
            _ = ftruncate(file, 0)
            let text = Array("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
            _ = pwrite(file, text, text.count, 0)
            return lock
        }
    }

    private static func isFile(_ file: Int32, at path: String) -> Bool {
        var (held, named) = (stat(), stat())
        return fstat(file, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino
            && held.st_dev == named.st_dev
    }

    private static func holder(of path: String) -> String {
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let process = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) else { return "another process" }
        return process == Int(ProcessInfo.processInfo.processIdentifier)
            ? "this very program" : "another process (number \(process))"
    }

    private static func unusable(_ target: String, _ folder: String) -> MediaError {
        let cause = errno
        if cause == ENOSPC || cause == EDQUOT {
            return MediaError(
                .diskFull, "write the film", path: target, reason: "the disk is full",
                advice: "free some space or write to another disk")
        }
        if cause == ENOTDIR {
            return MediaError(
                .notWritable, "write the film", path: target,
                reason: "the work on it is kept in a folder '\(folder)', and that is the name of a file",
                advice: "move that file away, or choose another name for the film")
        }
        return MediaError(
            .notWritable, "write the film", path: target,
            reason: "the folder '\(folder)' for the work cannot be made or locked"
                + " (\(String(cString: strerror(cause)).lowercased()))",
            advice: "choose another folder or change its permissions")
    }
}
