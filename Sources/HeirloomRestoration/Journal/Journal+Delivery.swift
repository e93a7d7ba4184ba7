import Foundation
import HeirloomMedia

extension Journal {
    /// Gives the verified file its name, makes that last, and removes the folder; goes on from wherever it was.
    ///
    /// - Returns: a sentence where the folder cannot go; nil as a rule.
    /// - Throws: `exists` where the target has appeared meanwhile and is not to be replaced.
    func handOver(overwrite: Bool) throws -> String? {
        try giveName(overwrite: overwrite)
        return try remove()
    }

    /// Gives the verified file its name, and makes that last.
    ///
    /// - Throws: `exists` where the target has appeared meanwhile and is not to be replaced; `writeFailed`.
    func giveName(overwrite: Bool) throws {
        try JobFiles.requireFree(target, overwrite: overwrite)
        guard rename(joinedPath, target) == 0 else {
            throw MediaError(
                .writeFailed, "write the film", path: target, reason: String(cString: strerror(errno)).lowercased(),
                advice: "check the folder's permissions, then run the same command again")
        }
        try JobFiles.flush(folderOf: target)
    }

    /// Finishes what an earlier run had all but finished: its film is whole, only the name or the folder was left.
    ///
    /// - Returns: its report; nil where there is work left.
    func delivered(to job: JobDescription) throws -> FilmReport? {
        if let delivery {
            let isSame =
                JobDifferences.clauses(
                    JobDifferences.settings(of: delivery.report.job), JobDifferences.settings(of: job)
                ).isEmpty
            if let file = try? SourceIdentity(path: joinedPath), file.isSame(as: delivery.file) {
                // Another command on the same target is refused later, by name.
                guard isSame else { return nil }
                _ = try handOver(overwrite: job.film.overwrite)
                return delivery.report
            }
            if let file = try? SourceIdentity(path: target), file.isSame(as: delivery.file) {
                try remove()
                return isSame ? delivery.report : nil
            }
            // The result went away before its folder did.
            try withdrawDelivery()
            return nil
        }
        // A folder without a job beside a finished film: the last step of the clean-up was cut off.
        guard record == nil, !job.film.overwrite, JobFiles.exists(target) else { return nil }
        let report = try FilmReport(finished: job)
        try remove()
        return report
    }
}

extension JobFiles {
    /// Throws where a file has a name that it may not be taken from.
    static func requireFree(_ path: String, overwrite: Bool) throws(MediaError) {
        guard !overwrite, exists(path) else { return }
        throw MediaError(
            .exists, "write the film", path: path, reason: "a file of that name appeared meanwhile",
            advice: "choose another name or ask for it to be overwritten (--overwrite)")
    }
}
