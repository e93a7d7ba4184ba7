import Foundation
import HeirloomMedia
import HeirloomWorkers

extension FilmWork {
    /// The cleaned sound in the job folder, made where it is not there yet; nil where the sound is only copied.
    func madeSound() async throws -> (sound: NewSound, notes: [String])? {
        guard let step = job.sound else { return nil }
        let path = journal.folder + "/" + step.fileName
        if let kept = journal.madeSound(), kept.file == step.fileName { return (step.place(path), kept.notes) }
        let notes = try await step.make(path, monitor)
        let keeper = try await Worker(name: "journal") { path }
        try await keeper.run { [journal] path in
            try JobFiles.flush(path)
            try journal.close(
                SoundRecord(file: step.fileName, sha256: JobFiles.digest(path), notes: notes))
        }
        return (step.place(path), notes)
    }

    /// Joins, reads back, gives the name, removes the folder.
    func deliver(
        _ sound: (sound: NewSound, notes: [String])?, _ source: SourceIdentity, _ report: () throws -> FilmReport
    ) throws -> FilmReport {
        guard let record = journal.record else { preconditionFailure("a film is joined before its job has begun") }
        try JobFiles.requireFree(job.output, overwrite: settings.overwrite)
        let notes = try FilmJoin(
            journals: [journal], record: record, input: job.input, identity: source, sound: sound?.sound,
            joined: journal.joinedPath, target: job.output
        ).run { try flag.check() }
        var report = try report()
        report.notes += (sound?.notes ?? []) + notes
        try journal.deliver(Delivery(file: try SourceIdentity(path: journal.joinedPath), report: report))
        if let note = try journal.handOver(overwrite: settings.overwrite) { report.notes.append(note) }
        return report
    }

    /// The report as far as the journal and this run tell.
    func report(_ outcome: TreatmentOutcome, _ resumed: Set<Int>, _ start: ContinuousClock.Instant) throws -> FilmReport
    {
        guard let record = journal.record else { preconditionFailure("a film is reported before its job has begun") }
        var report = FilmReport(job.description, record, journal.segments, journal.end, resumed: resumed)
        report.output = journal.shard == nil ? job.output : journal.folder
        report.notes += (outcome.summary?.notes ?? []) + journal.notes
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        report.queues = outcome.queues
        if let summary = outcome.summary { report.take(summary) }
        return report
    }
}
