import Foundation

/// A file that is written beside its target under a hidden name and takes the target's name only when whole.
///
/// Whatever happens in between (an error, a dropped object) removes the hidden file, so that no half file is ever
/// seen under the final name. The extension is kept because libraries choose formats by it.
struct PartialFile: ~Copyable {
    /// The final name.
    let target: String
    /// The name to write to: `.name.partial-XXXXXXXX.ext` in the target's folder.
    let path: String
    private let operation: String
    private let overwrite: Bool
    private var isCommitted = false

    /// Checks that the target may be written and picks the hidden name; makes no file.
    ///
    /// - Parameters:
    ///   - operation: a verb phrase that follows "Cannot", for errors.
    ///   - inputs: files that the target must not be.
    init(target: String, operation: String, inputs: [String], overwrite: Bool) throws(MediaError) {
        try FileChecks.requireWritable(target, operation: operation, inputs: inputs, overwrite: overwrite)
        let (folder, name) = FileChecks.split(target)
        var stem = Substring(name)
        var ending = ""
        if let dot = name.lastIndex(of: "."), dot != name.startIndex {
            stem = name[..<dot]
            ending = String(name[dot...])
        }
        // File systems end names at 255 bytes; the hidden name is longer than the target's, so cut the stem.
        while stem.utf8.count + ending.utf8.count > 230, !stem.isEmpty { stem.removeLast() }
        let tag = String(UInt32.random(in: .min ... .max), radix: 36)
        path = (folder == "/" ? "" : folder) + "/.\(stem).partial-\(tag)\(ending)"
        self.target = target
        self.operation = operation
        self.overwrite = overwrite
    }

    deinit {
        if !isCommitted { unlink(path) }
    }

    /// Flushes the file to disk and gives it the target's name.
    ///
    /// - Throws: `diskFull` or `writeFailed` where flushing or renaming fails; `exists` where the target has appeared
    ///   meanwhile and overwriting was not asked for. The hidden file is removed when the value goes away.
    mutating func commit() throws(MediaError) {
        try FileChecks.flush(path, target: target, operation: operation)
        if !overwrite && FileChecks.facts(of: target) != nil {
            throw MediaError(
                .exists, operation, path: target, reason: "a file of that name appeared meanwhile",
                advice: "choose another name or ask for it to be overwritten (--overwrite)")
        }
        guard rename(path, target) == 0 else { throw failure(errno) }
        isCommitted = true
    }

    private func failure(_ number: Int32) -> MediaError {
        FileChecks.writeFailure(errno: number, target: target, operation: operation)
    }
}
