import Foundation
import HeirloomMedia
import HeirloomModels

extension Journal {
    /// The name of a segment's files without their ending.
    static func name(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// The segment that a file belongs to; nil for other files.
    static func number(_ name: String) -> Int? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1] == "segment" || parts[1] == "json", let number = Int(parts[0]),
            (0...1_000_000_000).contains(number),
            parts[0] == Self.name(number)
        else { return nil }
        return number
    }

    /// Whether a file in a job folder is the journal's.
    static func isOurs(_ name: String) -> Bool {
        let whole = name.hasSuffix(".new") ? String(name.dropLast(4)) : name
        return ["lock", "job.json", "end.json", "delivery.json", "sound.json"].contains(whole)
            || number(whole) != nil || whole.hasPrefix("joined.") || whole == "joined" || whole.hasPrefix("sound.")
            || whole.hasPrefix(".joined.partial-") || whole.hasPrefix(".sound.partial-")
    }

    /// What is in a folder.
    static func names(in folder: String) throws(MediaError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw MediaError(
                .unreadable, "read the folder", path: folder, reason: "it may not be listed",
                advice: "check its permissions")
        }
    }

    /// What a job in a folder is, without locking it.
    ///
    /// - Throws: `journal` where there is none that can be used.
    static func record(in folder: String) throws -> JobRecord {
        guard JobFiles.exists(folder) else {
            throw RestorationError(
                .journal, "There is no interrupted work on this target: the folder '\(folder)' does not exist.")
        }
        guard JobFiles.exists(folder + "/job.json") else {
            throw RestorationError(
                .journal, "The folder '\(folder)' has no journal in it that this Heirloom can read.")
        }
        return try readRecord(folder)
    }

    /// Reads `job.json` and trusts nothing in it that was not written there.
    ///
    /// - Throws: `journal` for a damaged one, one that was changed, and one of another version.
    static func readRecord(_ folder: String) throws(RestorationError) -> JobRecord {
        let path = folder + "/job.json"
        guard let version = JobFiles.decoded(FormVersion.self, at: path)?.formatVersion else {
            throw unusable(folder, "its job.json is damaged")
        }
        guard version == JobRecord.formatVersion else {
            throw unusable(
                folder,
                "it is a journal of version \(version), and this Heirloom knows version \(JobRecord.formatVersion)",
                "use the Heirloom that began the job, or ")
        }
        guard JobFiles.isSealed(path) else {
            throw unusable(folder, "its job.json was changed by hand or damaged")
        }
        guard let record = JobFiles.decoded(JobRecord.self, at: path), record.isValid else {
            throw unusable(folder, "its job.json is damaged")
        }
        return record
    }

    static func unusable(_ folder: String, _ reason: String, _ advice: String = "") -> RestorationError {
        RestorationError(
            .journal,
            "Cannot go on with the work in '\(folder)': \(reason); \(advice)start afresh with --restart.")
    }
}

private struct FormVersion: Decodable {
    let formatVersion: Int
}

extension JobFiles {
    /// The digest of a text.
    static func digest(ofText text: String) -> String {
        var hash = SHA256()
        hash.update(text)
        return hash.hexadecimal
    }
}

extension JobRecord {
    /// Whether the numbers can be computed with, whoever wrote them.
    var isValid: Bool {
        let end = endSegment ?? firstSegment
        return (1...1_000_000).contains(segmentFrames) && (0...1_000_000_000).contains(firstSegment)
            && (firstSegment...1_000_000_000).contains(end) && (1...64).contains(encoderThreads)
            && (estimatedFrames ?? 0) >= 0 && videoStream >= 0 && hasTreatment
            && description.film.queueBytes > 0 && description.film.queueFrames > 0
    }

    private var hasTreatment: Bool {
        switch description.kind {
        case .colorize: description.color != nil
        case .upscale: description.upscale != nil
        case .restore: description.color != nil || description.upscale != nil
        case .custom: true
        }
    }
}
