import Foundation

/// `heirloom resume`: goes on with an interrupted job, from its target or its folder alone.
public struct ResumeJob: Sendable {
    /// What the job is, with the target where the folder lies now.
    public let description: JobDescription

    /// Finds the work that was kept.
    ///
    /// - Parameters:
    ///   - path: the target, or the job's folder (`film.mkv.heirloom`).
    ///   - input: where the source is now, if it was moved.
    /// - Throws: `journal` where there is no work to go on with, or none that this version can read; `badRequest` for
    ///   work with a stage that only its own program has.
    public init(_ path: String, input: String? = nil) throws {
        var folder = path
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        if !folder.hasSuffix(".heirloom") { folder = Journal.folder(for: folder) }
        let record = try Journal.record(in: folder)
        guard record.description.kind != .custom else {
            throw RestorationError(
                .badRequest, "The work in '\(folder)' was begun by another program; go on with it there.")
        }
        var description = record.description
        // The folder may have been moved with all that is in it.
        let (place, _) = JobFiles.split(folder)
        let name = JobFiles.split(description.output).name
        description.output = folder.contains("/") ? (place == "/" ? "/" : place + "/") + name : name
        guard Journal.folder(for: description.output, shard: description.film.shard) == folder else {
            throw RestorationError(
                .journal,
                "The folder '\(folder)' was renamed: it keeps the work on '\(name)'; give it its name back.")
        }
        if let input { description.input = input }
        description.film.restart = false
        self.description = description
    }
}
