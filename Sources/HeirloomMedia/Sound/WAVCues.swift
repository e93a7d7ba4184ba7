import Foundation

/// Marked places of a plain WAV file, appended behind its sound: libsndfile writes none to files that may become RF64.
enum WAVCues {
    /// Appends a `cue ` chunk, and the names in a list of labels, and corrects the file's stated size.
    ///
    /// - Returns: false where the file is no plain WAV file any more or would become too long for one.
    /// - Throws: `diskFull`, `writeFailed`.
    static func append(
        _ cues: [AudioCue], to path: String, target: String, operation: String
    ) throws(MediaError) -> Bool {
        let file = open(path, O_RDWR | O_CLOEXEC)
        guard file >= 0 else {
            throw FileChecks.writeFailure(errno: errno, target: target, operation: operation)
        }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: 4)
        let end = Int(lseek(file, 0, SEEK_END))
        guard pread(file, &head, 4, 0) == 4, head == Array("RIFF".utf8), end % 2 == 0 else { return false }
        let bytes = chunks(cues.filter { $0.position >= 0 && $0.position <= Int(UInt32.max) })
        guard end + bytes.count <= 0xFFFF_FFFF else { return false }
        let size = number(UInt32(end + bytes.count - 8))
        guard pwrite(file, bytes, bytes.count, off_t(end)) == bytes.count, pwrite(file, size, 4, 4) == 4 else {
            // A short write of so little is a full disk.
            throw FileChecks.writeFailure(errno: errno == 0 ? ENOSPC : errno, target: target, operation: operation)
        }
        return true
    }

    private static func chunks(_ cues: [AudioCue]) -> [UInt8] {
        var points = number(UInt32(cues.count))
        var labels = Array("adtl".utf8)
        for (index, cue) in cues.enumerated() {
            let mark = number(UInt32(index + 1))
            let place = number(UInt32(cue.position))
            points += mark + place + Array("data".utf8) + number(0) + number(0) + place
            if !cue.name.isEmpty { labels += chunk("labl", mark + Array(cue.name.utf8) + [0]) }
        }
        return chunk("cue ", points) + (labels.count > 4 ? chunk("LIST", labels) : [])
    }

    private static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        Array(name.utf8) + number(UInt32(body.count)) + body + (body.count % 2 == 0 ? [] : [0])
    }

    private static func number(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
    }
}
