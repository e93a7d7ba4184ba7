import CLibAV
import Foundation

/// A negative return value of FFmpeg with the words that belong to it.
struct LibraryError: Error {
    /// The value returned; negative.
    let code: Int32
    /// FFmpeg's text for the value, and its last log line since the call began where there was one.
    let text: String

    /// Takes a return value, and the log mark set before the call.
    init(_ code: Int32, since mark: UInt64) {
        self.code = code
        let words = LibraryError.words(code)
        if let line = LibraryLog.lastLine(since: mark), line != words {
            text = line.hasSuffix(".") ? "\(line.dropLast()) (\(words))" : "\(line) (\(words))"
        } else {
            text = words
        }
    }

    /// The error for a film, a clear code chosen from what the library returned.
    ///
    /// - Parameters:
    ///   - fallback: the code where the return value has no clear one.
    ///   - advice: what to do where the return value has no advice of its own.
    func mediaError(
        _ fallback: MediaError.Code, _ operation: String, path: String, advice: String = ""
    ) -> MediaError {
        if code == heirloom_averror(ENOSPC) || code == heirloom_averror(EDQUOT) {
            return MediaError(
                .diskFull, operation, path: path, reason: "the disk is full",
                advice: "free some space or write to another disk")
        }
        if code == heirloom_averror(EFBIG) { return FileChecks.tooLarge(target: path, operation: operation) }
        if code == heirloom_averror(EIO) {
            return MediaError(
                fallback == .corrupt ? .unreadable : fallback, operation, path: path, reason: text,
                advice: "the disk or the connection to it fails: check it")
        }
        return MediaError(fallback, operation, path: path, reason: text, advice: advice)
    }

    private static func words(_ code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress else { return "error \(code)" }
            base[0] = 0
            av_strerror(code, base, 128)
            let text = String(cString: base)
            return text.prefix(1).lowercased() + text.dropFirst()
        }
    }
}
