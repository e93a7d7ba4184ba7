import Foundation

/// The checks that come before a library sees a path, so that the common mistakes get their own sentence.
enum FileChecks {
    /// What `stat` says about a path that exists.
    struct Facts {
        let isDirectory: Bool
        let isRegular: Bool
        let size: Int64
        let device: UInt64
        let inode: UInt64
    }

    /// The facts of a path, links followed; nil where there is nothing, or nothing that may be looked at.
    static func facts(of path: String) -> Facts? {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        let kind = info.st_mode & S_IFMT
        return Facts(
            isDirectory: kind == S_IFDIR, isRegular: kind == S_IFREG, size: Int64(info.st_size),
            device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
    }

    /// Throws unless the path is a regular, readable file with at least one byte.
    ///
    /// - Parameter operation: a verb phrase that follows "Cannot".
    static func requireReadable(_ path: String, operation: String) throws(MediaError) {
        guard let facts = facts(of: path) else {
            let cause = errno
            if cause == ENOENT || cause == ENOTDIR {
                throw MediaError(
                    .notFound, operation, path: path, reason: "there is no such file",
                    advice: "check the name and the folder")
            }
            throw MediaError(
                .unreadable, operation, path: path, reason: describe(errno: cause),
                advice: "check the permissions of the file and of the folders above it")
        }
        if facts.isDirectory {
            throw MediaError(
                .isDirectory, operation, path: path, reason: "it is a folder", advice: "name a file inside it")
        }
        guard facts.isRegular else {
            throw MediaError(
                .unsupported, operation, path: path, reason: "it is a pipe or a device, not a file",
                advice: "save it to a file first")
        }
        guard facts.size > 0 else {
            throw MediaError(
                .empty, operation, path: path, reason: "the file is empty (0 bytes)",
                advice: "copy it again from where it came from")
        }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw MediaError(
                .unreadable, operation, path: path, reason: describe(errno: errno),
                advice: "check the permissions of the file")
        }
        close(file)
    }

    /// Whether the disk gives the first bytes of a file.
    static func isHeadReadable(_ path: String) -> Bool {
        guard let file = fopen(path, "rb") else { return false }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        return fread(&bytes, 1, bytes.count, file) > 0 && ferror(file) == 0
    }

    /// Throws unless a file may be made at the path: not an input, not a folder, not there already (unless
    /// overwriting is asked for), in a folder that exists and may be written to.
    ///
    /// - Parameters:
    ///   - operation: a verb phrase that follows "Cannot".
    ///   - inputs: files that must not be overwritten, compared by name and by inode.
    static func requireWritable(
        _ path: String, operation: String, inputs: [String], overwrite: Bool
    ) throws(MediaError) {
        let (folder, name) = split(path)
        if name.isEmpty || name == "." || name == ".." {
            throw MediaError(
                .isDirectory, operation, path: path, reason: "it names a folder",
                advice: "give the name of a file to write")
        }
        // Found out by the last rename otherwise, after hours of work.
        let longest = pathconf(folder, Int32(_PC_NAME_MAX))
        if longest > 0, name.utf8.count > longest {
            throw MediaError(
                .notWritable, operation, path: path,
                reason: "its name has \(name.utf8.count) bytes, and in the folder '\(folder)' names have at most"
                    + " \(longest)",
                advice: "choose a shorter name")
        }
        if let target = facts(of: path) {
            for input in inputs {
                guard let source = facts(of: input) else { continue }
                if source.device == target.device && source.inode == target.inode {
                    throw MediaError(
                        .sameFile, operation, path: path, reason: "it is the input file itself",
                        advice: "choose another name; the input is never changed")
                }
            }
            if target.isDirectory {
                throw MediaError(
                    .isDirectory, operation, path: path, reason: "it is a folder",
                    advice: "give the name of a file to write in it")
            }
            guard overwrite else {
                throw MediaError(
                    .exists, operation, path: path, reason: "the file exists already",
                    advice: "choose another name or ask for it to be overwritten (--overwrite)")
            }
        }
        guard let parent = facts(of: folder), parent.isDirectory else {
            throw MediaError(
                .notWritable, operation, path: path, reason: "the folder '\(folder)' does not exist",
                advice: "make the folder first")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw MediaError(
                .notWritable, operation, path: path,
                reason: "the folder '\(folder)' may not be written to (\(describe(errno: errno)))",
                advice: "choose another folder or change its permissions")
        }
    }

    /// The folder and the last component of a path; the folder of a bare name is ".".
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    /// Waits until the bytes of a file are on the disk.
    ///
    /// - Parameters:
    ///   - target: the name for errors.
    ///   - operation: a verb phrase that follows "Cannot".
    /// - Throws: `diskFull` or `writeFailed`.
    static func flush(_ path: String, target: String, operation: String) throws(MediaError) {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw writeFailure(errno: errno, target: target, operation: operation) }
        let flushed = fsync(file)
        let cause = errno
        close(file)
        // Some network and FUSE file systems do not flush at all and say so with EINVAL or ENOTSUP.
        if flushed != 0 && cause != EINVAL && cause != ENOTSUP {
            throw writeFailure(errno: cause, target: target, operation: operation)
        }
    }

    /// What a failed write means, by the system's number for it.
    static func writeFailure(errno number: Int32, target: String, operation: String) -> MediaError {
        if number == EFBIG { return tooLarge(target: target, operation: operation) }
        if number == ENOSPC || number == EDQUOT {
            return MediaError(
                .diskFull, operation, path: target, reason: "the disk is full",
                advice: "free some space or write to another disk")
        }
        return MediaError(
            .writeFailed, operation, path: target, reason: describe(errno: number),
            advice: "check the disk and the folder's permissions")
    }

    /// The file system ends files where this one goes on: at 4 GB on memory cards and many sticks.
    static func tooLarge(target: String, operation: String) -> MediaError {
        MediaError(
            .writeFailed, operation, path: target, reason: "the disk's file system takes no file of this size",
            advice: "write to a disk that is not formatted as FAT")
    }

    /// The system's words for an error number, in lower case to stand inside a sentence.
    static func describe(errno number: Int32) -> String {
        let text = String(cString: strerror(number))
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
