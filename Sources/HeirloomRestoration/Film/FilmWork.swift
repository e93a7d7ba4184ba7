import Foundation
import HeirloomMedia
import HeirloomWorkers

/// One run of a film job over its journal.
struct FilmWork: Sendable {
    let job: FilmJob
    let journal: Journal
    let monitor: JobMonitor

    var flag: CancellationFlag { monitor.flag }
    var settings: FilmSettings { job.settings }

    /// Refuses what names and codings are refused for, then opens the journal.
    ///
    /// - Returns: with the journal a report where an earlier run had delivered the film and only its folder was left.
    static func open(_ job: JobDescription) throws -> (journal: Journal, report: FilmReport?) {
        // All refusals about names but the one that the target exists.
        try VideoWriter.check(path: job.output, encoding: job.film.encoding, inputs: [job.input], overwrite: true)
        let hasWork = JobFiles.exists(Journal.folder(for: job.output, shard: job.film.shard))
        if !hasWork { try refuseExisting(job) }
        let journal = try Journal(target: job.output, shard: job.film.shard, restart: job.film.restart)
        do {
            if let report = try journal.delivered(to: job) { return (journal, report) }
            try refuseExisting(job)
            // What was left of another job's delivery went, and the lock with it.
            guard JobFiles.exists(journal.folder) else {
                return (try Journal(target: job.output, shard: job.film.shard), nil)
            }
            return (journal, nil)
        } catch {
            _ = try? journal.leave()
            throw error
        }
    }

    private static func refuseExisting(_ job: JobDescription) throws {
        try VideoWriter.check(
            path: job.output, encoding: job.film.encoding, inputs: [job.input], overwrite: job.film.overwrite)
    }

    /// Everything, from whatever the journal has on.
    func perform() async throws -> FilmReport {
        let start = ContinuousClock.now
        let keeper = try await Worker(name: "journal") { [job] in try SourceIdentity(path: job.input) }
        let source = await keeper.run { $0 }
        try await keeper.run { source in
            try compare(source)
            // A sound that cannot be made is no news for after the picture.
            if journal.madeSound() == nil { try job.sound?.check() }
        }
        let resumed = Set(journal.segments.map(\.number))
        var outcome = TreatmentOutcome()
        var attempts = 0
        repeat {
            // A disk that damages what it is given will do so again.
            attempts += 1
            guard attempts <= 3 else {
                throw RestorationError(
                    .journal,
                    "Segments in '\(journal.folder)' come back from the disk with other bytes than were written; check the disk, or write to another one."
                )
            }
            outcome.add(try await treatMissing(source))
        } while try await !keeper.run { _ in try journal.verifySegments { try flag.check() } }
        // The sound is not divided: the first share makes it for all.
        let sound = (journal.shard?.index ?? 1) == 1 ? try await madeSound() : nil
        guard journal.shard == nil else {
            var report = try report(outcome, resumed, start)
            report.notes += sound?.notes ?? []
            journal.letGo()
            return report
        }
        return try await keeper.run { [outcome] _ in
            try deliver(sound, source) { try report(outcome, resumed, start) }
        }
    }

    /// Refuses to go on with work that was begun with another source, other settings, weights or libraries.
    private func compare(_ source: SourceIdentity) throws {
        guard let record = journal.record else { return }
        var clauses = JobDifferences.clauses(record.source, source, path: job.input)
        clauses += JobDifferences.clauses(
            JobDifferences.settings(of: record.description), JobDifferences.settings(of: job.description))
        clauses += JobDifferences.clauses("", record.libraries, JobDescription.libraries(), shortened: false)
        // Weights that cannot be read are missed when they are needed; for joining they are not.
        if let weights = try? job.description.weights(for: record.sourceFormat) {
            clauses += JobDifferences.clauses("the weights file ", record.weights, weights, shortened: true)
        }
        try refuse(clauses)
    }

    /// Refuses where there are differences.
    func refuse(_ clauses: [String]) throws {
        guard !clauses.isEmpty else { return }
        throw RestorationError(
            .changed,
            "Cannot go on with the work in '\(journal.folder)': \(clauses.joined(separator: ", ")); put that back as it was, or start afresh with --restart."
        )
    }

    /// What to throw for a failure, once the journal is left.
    func settled(_ error: any Error) -> any Error {
        let (frames, total) = (journal.keptFrames, journal.expectedFrames)
        let keeps: Bool
        do {
            keeps = try journal.leave()
        } catch let second {
            return flag.isCancelled ? second : error
        }
        guard keeps else { return flag.isCancelled ? CancellationError() : error }
        let isDiskFull = (error as? MediaError)?.code == .diskFull
        let pause = PauseError(
            cause: flag.isCancelled ? .stopped : .diskFull, target: job.output, folder: journal.folder,
            keptFrames: frames, totalFrames: total.map { max($0, frames) },
            resumeName: job.description.kind == .custom
                ? nil : journal.shard == nil ? job.output : journal.folder)
        if flag.isCancelled || isDiskFull { return pause }
        if let error = error as? RestorationError, [.changed, .journal].contains(error.code) { return error }
        monitor.tell(
            "\(frames == 1 ? "1 frame is" : "\(frames) frames are") finished and kept in '\(journal.folder)'; the same command goes on from there."
        )
        return error
    }
}
