import Foundation
import HeirloomMedia
import HeirloomWorkers

/// `heirloom join`: puts the shares of a film that several machines have done into one file, the same bytes that one
/// machine would have made.
public struct JoinJob: Sendable {
    /// The film to write.
    public let target: String
    /// Where the source is now, if it was moved; nil for where the shares say.
    public let input: String?
    /// Whether a target that exists is replaced.
    public let overwrite: Bool

    /// A job.
    public init(_ target: String, input: String? = nil, overwrite: Bool = false) {
        self.target = target
        self.input = input
        self.overwrite = overwrite
    }

    /// Does it; the shares are removed once the film is whole and verified.
    ///
    /// - Throws: `journal` where shares are missing, unfinished or do not belong together, naming them; `MediaError`.
    public func run(monitor: JobMonitor = JobMonitor()) async throws -> FilmReport {
        let keeper = try await Worker(name: "journal") { self }
        return try await withTaskCancellationHandler {
            try await keeper.run { try $0.join(monitor) }
        } onCancel: {
            monitor.cancel()
        }
    }

    private func join(_ monitor: JobMonitor) throws -> FilmReport {
        let flag = monitor.flag
        let shards = try Self.shares(of: target)
        let journals = try shards.map { try Journal(target: target, shard: $0) }
        if let report = try delivered(journals) { return report }
        let records = try journals.map { journal in
            guard let record = journal.record else {
                throw RestorationError(.journal, "The share in '\(journal.folder)' was not begun; run it first.")
            }
            return record
        }
        for (journal, record) in zip(journals, records).dropFirst() {
            let clauses = Self.differences(records[0], record, source: record.description.input)
            guard clauses.isEmpty else {
                throw RestorationError(
                    .journal,
                    "The share in '\(journal.folder)' does not belong to the one in '\(journals[0].folder)': \(clauses.joined(separator: ", ")); do it again with --restart."
                )
            }
        }
        for journal in journals {
            let isWhole = try journal.verifySegments { try flag.check() }
            let end = journals.compactMap(\.end).first
            guard isWhole, Self.isFinished(journal, end) else { throw Self.unfinished(journal) }
        }
        try flag.check()
        let sound = journals[0].madeSound()
        guard records[0].description.clean == nil || sound != nil else {
            throw Self.unfinished(journals[0], "its sound")
        }
        return try join(journals, records, sound, flag)
    }

    private static func unfinished(_ journal: Journal, _ what: String = "it") -> RestorationError {
        RestorationError(
            .journal,
            "The share in '\(journal.folder)' is not finished\(what == "it" ? "" : " (\(what) is missing)"); run its command again, or 'heirloom resume \(PauseError.quoted(journal.folder))'."
        )
    }

    private func join(
        _ journals: [Journal], _ records: [JobRecord], _ made: SoundRecord?, _ flag: CancellationFlag
    ) throws -> FilmReport {
        let start = ContinuousClock.now
        let record = records[0]
        var description = record.description
        description.film.shard = nil
        description.output = target
        if let input { description.input = input }
        try VideoWriter.check(
            path: target, encoding: description.film.encoding, inputs: [description.input], overwrite: overwrite)
        let source = try SourceIdentity(path: description.input)
        let clauses = JobDifferences.clauses(record.source, source, path: description.input)
        guard clauses.isEmpty else {
            throw RestorationError(
                .changed,
                "Cannot join the shares of '\(target)': \(clauses.joined(separator: ", ")); put it back as it was.")
        }
        let first = journals[0]
        let notes = try FilmJoin(
            journals: journals, record: record, input: description.input, identity: source,
            sound: made.map { NewSound(path: first.folder + "/" + $0.file) }, joined: first.joinedPath, target: target
        ).run { try flag.check() }
        let segments = journals.flatMap(\.segments)
        var report = FilmReport(
            description, record, segments, journals.compactMap(\.end).first, resumed: Set(segments.map(\.number)))
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        report.notes += (made?.notes ?? []) + Self.remarks(records) + notes + journals.flatMap(\.notes)
        try first.deliver(Delivery(file: try SourceIdentity(path: first.joinedPath), report: report))
        // The first share goes last: it knows that the film is whole.
        try first.giveName(overwrite: overwrite)
        report.notes += try Self.remove(journals)
        return report
    }

    /// Finishes what an earlier run had all but finished.
    private func delivered(_ journals: [Journal]) throws -> FilmReport? {
        guard let delivery = journals[0].delivery else { return nil }
        if let file = try? SourceIdentity(path: journals[0].joinedPath), file.isSame(as: delivery.file) {
            try journals[0].giveName(overwrite: overwrite)
        } else if (try? SourceIdentity(path: target))?.isSame(as: delivery.file) != true {
            try journals[0].withdrawDelivery()
            return nil
        }
        _ = try Self.remove(journals)
        return delivery.report
    }

    private static func remove(_ journals: [Journal]) throws -> [String] {
        try journals.reversed().compactMap { try $0.remove() }
    }

    /// The shares beside a target, complete; after an interrupted clean-up those that are left.
    private static func shares(of target: String) throws -> [Shard] {
        let (folder, _) = JobFiles.split(target)
        let names = Set(try Journal.names(in: folder))
        func has(_ shard: Shard) -> Bool {
            names.contains(JobFiles.split(Journal.folder(for: target, shard: shard)).name)
        }
        let counts = Shard.counts.filter { count in has(Shard(1, of: count)) || has(Shard(count, of: count)) }
        guard let count = counts.first else {
            throw RestorationError(
                .journal,
                "There are no shares of '\(target)' beside it; they are folders '\(JobFiles.split(Journal.folder(for: target, shard: Shard(1, of: 2))).name)' and so on."
            )
        }
        guard counts.count == 1 else {
            throw RestorationError(
                .journal,
                "There are shares of '\(target)' from divisions into \(counts.map(String.init).joined(separator: " and ")); remove those that are not meant."
            )
        }
        let all = (1...count).map { Shard($0, of: count) }
        let present = all.filter(has)
        if present.count == count || JobFiles.exists(Journal.folder(for: target, shard: all[0]) + "/delivery.json") {
            return present
        }
        let missing = all.filter { !has($0) }.map(\.description).joined(separator: ", ")
        throw RestorationError(
            .journal,
            "Cannot join '\(target)': the shares \(missing) are not there; run them, or copy them beside the others.")
    }

    private static func isFinished(_ journal: Journal, _ end: FilmEnd?) -> Bool {
        guard let record = journal.record else { return false }
        let filmEnd = end.map { ($0.frames + record.segmentFrames - 1) / record.segmentFrames }
        guard let last = [record.endSegment, filmEnd].compactMap(\.self).min() else { return false }
        let done = Set(journal.segments.map(\.number))
        return last <= record.firstSegment || (record.firstSegment..<last).allSatisfy(done.contains)
    }

    /// What one machine alone would not have made to the last digit.
    private static func remarks(_ records: [JobRecord]) -> [String] {
        let kinds = Set(records.map(\.choices.instructions)).sorted()
        guard kinds.count > 1 else { return [] }
        return [
            "The shares were computed by processors of different kinds (\(kinds.joined(separator: ", "))); last digits may differ from what one machine makes."
        ]
    }

    private static func differences(_ one: JobRecord, _ other: JobRecord, source path: String) -> [String] {
        JobDifferences.clauses(one.source, other.source, path: path)
            + JobDifferences.clauses(
                JobDifferences.settings(of: one.description), JobDifferences.settings(of: other.description))
            + JobDifferences.clauses("the weights file ", one.weights, other.weights, shortened: true)
            + JobDifferences.clauses("", one.libraries, other.libraries, shortened: false)
            + JobDifferences.clauses(one, other)
    }
}
