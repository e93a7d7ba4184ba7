import Foundation
import HeirloomMedia
import Synchronization

/// The work on one film, kept in a folder beside the target while it is not finished: `NAME.EXT.heirloom/`.
///
/// - `job.json`: what is done with which source, written once.
/// - `000012.segment`, `000012.json`: a finished stretch of the result and its record, which makes it count.
/// - `end.json`: the film's end was reached. `delivery.json`: the result was verified and is about to get its name.
/// - `lock`: held by the process that works on it.
///
/// Every file is written beside and renamed after it was flushed, so that a kill or a power cut leaves the state before
/// or after it. Opening removes what counts for nothing. Files that are not the journal's are never touched.
public final class Journal: Sendable {
    private struct State {
        var record: JobRecord?
        var segments: [Int: SegmentRecord] = [:]
        var end: FilmEnd?
        var delivery: Delivery?
        var notes: [String] = []
        var lock: JobLock?
    }

    /// The file that shall come out.
    public let target: String
    /// The folder.
    public let folder: String
    /// The share that is kept in it; nil for the whole film.
    public let shard: Shard?
    private let state: Mutex<State>

    /// Where the work on a target is kept.
    ///
    /// Names that would be too long for a file system are cut, with a digest in place of the rest.
    public static func folder(for target: String, shard: Shard? = nil) -> String {
        let ending = (shard.map { ".shard-\($0.index)-of-\($0.count)" } ?? "") + ".heirloom"
        let (folder, name) = JobFiles.split(target)
        var stem = Substring(name)
        if name.utf8.count + ending.utf8.count > 250 {
            let digest = JobFiles.digest(ofText: name).prefix(12)
            while stem.utf8.count + ending.utf8.count > 230 { stem.removeLast() }
            stem += "~" + digest
        }
        return (target.contains("/") ? (folder == "/" ? "/" : folder + "/") : "") + stem + ending
    }

    /// Opens or makes the folder and locks it.
    ///
    /// - Parameter restart: throws away what is kept, of whatever version.
    /// - Throws: `exists` where another process works on the target; `journal` where what is kept cannot be used.
    init(target: String, shard: Shard? = nil, restart: Bool = false) throws {
        self.target = target
        self.shard = shard
        folder = Self.folder(for: target, shard: shard)
        state = Mutex(State())
        let lock = try JobLock.take(folder, target: target)
        state.withLock { $0.lock = lock }
        if restart { try removeFiles() }
        try load()
    }

    /// What the job was when it began; nil where it has not begun.
    var record: JobRecord? { state.withLock { $0.record } }
    /// The finished segments, in order.
    var segments: [SegmentRecord] { state.withLock { $0.segments.values.sorted { $0.number < $1.number } } }
    /// How the film ended; nil where its end was not reached yet.
    var end: FilmEnd? { state.withLock { $0.end } }
    /// What is being delivered; nil before the result was verified.
    var delivery: Delivery? { state.withLock { $0.delivery } }
    /// Sentences about damage to what was kept.
    var notes: [String] { state.withLock { $0.notes } }
    /// Frames in the finished segments.
    var keptFrames: Int { state.withLock { $0.segments.values.reduce(0) { $0 + $1.summary.frames.count } } }

    /// Frames that there will be in all segments, as far as is known; nil where nothing is.
    var expectedFrames: Int? {
        state.withLock { state in
            guard let record = state.record, let total = state.end?.frames ?? record.estimatedFrames else { return nil }
            let end = record.endSegment.map { min($0 * record.segmentFrames, total) } ?? total
            return max(0, end - record.firstSegment * record.segmentFrames)
        }
    }

    /// The file of a segment.
    func path(ofSegment number: Int) -> String { folder + "/" + Self.name(number) + ".segment" }
    /// The result while it is being made.
    var joinedPath: String {
        let name = JobFiles.split(target).name
        let ending = name.lastIndex(of: ".").map { String(name[$0...]) } ?? ""
        return folder + "/joined" + ending
    }

    /// Begins: from here on the job has its settings.
    func begin(_ record: JobRecord) throws {
        try JobFiles.write(JobFiles.sealed(record), to: folder + "/job.json")
        state.withLock { $0.record = record }
    }

    /// A segment is finished; its file was flushed.
    func close(_ segment: SegmentRecord) throws {
        try JobFiles.write(JobFiles.sealed(segment), to: folder + "/" + Self.name(segment.number) + ".json")
        state.withLock { $0.segments[segment.number] = segment }
    }

    /// The film's end was reached.
    func close(_ end: FilmEnd) throws {
        try JobFiles.write(JobFiles.sealed(end), to: folder + "/end.json")
        state.withLock { $0.end = end }
    }

    /// The sound is made; its file was flushed.
    func close(_ sound: SoundRecord) throws {
        try JobFiles.write(JobFiles.sealed(sound), to: folder + "/sound.json")
    }

    /// The sound that was made, where its file is what was written; nil where there is none.
    func madeSound() -> SoundRecord? {
        guard let sound = JobFiles.opened(SoundRecord.self, at: folder + "/sound.json"), Self.isOurs(sound.file),
            (try? JobFiles.digest(folder + "/" + sound.file)) == sound.sha256
        else { return nil }
        return sound
    }

    /// The joined file is whole and verified.
    func deliver(_ delivery: Delivery) throws {
        try JobFiles.write(JobFiles.sealed(delivery), to: folder + "/delivery.json")
        state.withLock { $0.delivery = delivery }
    }

    /// The runs of segments that are not finished: the first, and the one after the last where that is known.
    func missing() -> [(first: Int, end: Int?)] {
        state.withLock { state in
            guard let record = state.record else { return [(0, nil)] }
            let filmEnd = state.end.map { ($0.frames + record.segmentFrames - 1) / record.segmentFrames }
            let end = [record.endSegment, filmEnd].compactMap(\.self).min()
            var runs: [(first: Int, end: Int?)] = []
            var next = record.firstSegment
            for number in state.segments.keys.sorted() where number >= next {
                if number > next { runs.append((next, number)) }
                next = number + 1
            }
            if end.map({ next < $0 }) ?? true { runs.append((next, end)) }
            return runs
        }
    }

    /// Reads every finished segment again and takes back those whose bytes are not what was written.
    ///
    /// - Returns: whether all are whole.
    func verifySegments(_ check: () throws -> Void) throws -> Bool {
        var isWhole = true
        for segment in segments {
            try check()
            let digest = try? JobFiles.digest(path(ofSegment: segment.number))
            if digest == segment.sha256 { continue }
            isWhole = false
            takeBack(segment.number, "its bytes are not those that were written")
        }
        return isWhole
    }

    /// Removes the folder and gives the lock back.
    ///
    /// - Returns: a sentence where something that is not the journal's keeps the folder; nil as a rule.
    @discardableResult
    func remove() throws -> String? {
        try removeFiles()
        let isGone = state.withLock { state in
            unlink(folder + "/lock")
            let isGone = rmdir(folder) == 0
            state.lock = nil
            return isGone
        }
        try JobFiles.flush(folderOf: folder)
        return isGone ? nil : "The folder '\(folder)' has files in it that are not Heirloom's and stays."
    }

    /// Gives the lock back; everything stays, for others to go on with.
    func letGo() { state.withLock { $0.lock = nil } }

    /// Lets go of a folder that keeps something; removes one that keeps nothing.
    ///
    /// - Returns: whether anything is kept.
    func leave() throws -> Bool {
        let keeps =
            state.withLock { !$0.segments.isEmpty || $0.delivery != nil } || JobFiles.exists(folder + "/sound.json")
        if keeps { state.withLock { $0.lock = nil } } else { try remove() }
        return keeps
    }

    /// The result was verified, but is not there any more: what is left of the segments counts again.
    func withdrawDelivery() throws {
        unlink(folder + "/delivery.json")
        try JobFiles.flush(folderOf: folder + "/delivery.json")
        state.withLock { state in
            state = State(lock: state.lock)
        }
        try load()
    }

    private func removeFiles() throws {
        // The delivery goes last: it tells an interrupted clean-up from an interrupted job.
        let names = try Self.names(in: folder).filter { Self.isOurs($0) && $0 != "lock" }
        for name in names.sorted(by: { ($0 == "delivery.json" ? 1 : 0, $0) < ($1 == "delivery.json" ? 1 : 0, $1) }) {
            let path = folder + "/" + name
            guard unlink(path) == 0 || errno == ENOENT else {
                throw MediaError(
                    .writeFailed, "remove the file", path: path, reason: String(cString: strerror(errno)).lowercased(),
                    advice: "remove it by hand")
            }
        }
        state.withLock { state in
            state = State(lock: state.lock)
        }
    }

    private func load() throws {
        let names = try Self.names(in: folder)
        // What was being written when the process ended.
        for name in names where name.hasSuffix(".new") && Self.isOurs(name) { unlink(folder + "/" + name) }
        guard names.contains("job.json") else {
            if names.contains("delivery.json") {
                // The clean-up after the delivery was interrupted.
                let delivery = JobFiles.opened(Delivery.self, at: folder + "/delivery.json")
                state.withLock { $0.delivery = delivery }
                return
            }
            guard !names.contains(where: { $0.hasSuffix(".json") && Self.isOurs($0) }) else {
                throw Self.unusable(folder, "its job.json is missing")
            }
            return removeUncounted(names)
        }
        let record = try Self.readRecord(folder)
        let end = JobFiles.opened(FilmEnd.self, at: folder + "/end.json")
        let delivery = JobFiles.opened(Delivery.self, at: folder + "/delivery.json")
        state.withLock { state in
            state.record = record
            state.end = end
            state.delivery = delivery
        }
        // Once the result was verified, segments may be missing because the clean-up has begun.
        guard delivery == nil else { return }
        for name in names.sorted() where name.hasSuffix(".json") {
            guard let number = Self.number(name) else { continue }
            read(number, record)
        }
        removeUncounted(names)
    }

    private func read(_ number: Int, _ record: JobRecord) {
        guard let segment = JobFiles.opened(SegmentRecord.self, at: folder + "/" + Self.name(number) + ".json"),
            segment.number == number, segment.firstFrame == number * record.segmentFrames,
            (1...record.segmentFrames).contains(segment.summary.frames.count)
        else { return takeBack(number, "its record is damaged") }
        guard let facts = try? FileFacts(path: path(ofSegment: number)),
            Int64(facts.byteCount) == segment.summary.byteCount
        else { return takeBack(number, "its file is missing or cut off") }
        state.withLock { $0.segments[number] = segment }
    }

    private func takeBack(_ number: Int, _ reason: String) {
        // The record first: with it gone, the file counts for nothing.
        unlink(folder + "/" + Self.name(number) + ".json")
        unlink(path(ofSegment: number))
        state.withLock { state in
            state.segments[number] = nil
            state.notes.append("Segment \(number) of the earlier work was damaged (\(reason)) and was done again.")
        }
    }

    /// Removes segments without a record, and a joined file that was not verified.
    private func removeUncounted(_ names: [String]) {
        let counted = state.withLock { Set($0.segments.keys) }
        for name in names {
            let isUncounted = name.hasPrefix("joined") || Self.number(name).map { !counted.contains($0) } ?? false
            if isUncounted, Self.isOurs(name) { unlink(folder + "/" + name) }
        }
    }
}
