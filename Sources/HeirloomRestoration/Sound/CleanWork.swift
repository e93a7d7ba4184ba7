import Foundation
import HeirloomMedia
import HeirloomSignals
import HeirloomTensors

/// A recording being cleaned, on one thread.
final class CleanWork {
    let job: CleanJob
    let targets: CleanTargets
    let monitor: JobMonitor
    var inputs: [CleanInput]
    var notes: [String] = []
    private let start = ContinuousClock.now

    var settings: CleanSettings { job.settings }
    /// Where intermediate sound goes: on the result's disk, under no name.
    var folder: String { targets.kind == .folder ? OutputCheck.folder(of: targets.path) : targets.folder }

    init(_ job: CleanJob, _ targets: CleanTargets, _ monitor: JobMonitor) {
        self.job = job
        self.targets = targets
        self.monitor = monitor
        inputs = job.inputs.map { CleanInput(path: $0) }
    }

    /// Does the whole job.
    func perform() throws -> CleanReport {
        if let threads = settings.threads { Runtime.threads = threads }
        return try withoutGradients { () throws -> CleanReport in
            // Told before an hour of listening; inputs that are not there are named by the listening.
            if targets.kind == .film, job.inputs.allSatisfy(FileManager.default.fileExists) { _ = try film() }
            let network = try chooseNetwork()
            try listen()
            let candidates = try candidates()
            if targets.kind == .folder { return try writeAligned(try align(candidates)) }
            let placed = candidates.count > 1 ? try align(candidates) : nil
            if let placed, placed.members.count > 1 { return try cleanSeveral(placed, network) }
            return try cleanOne(placed?.members[0] ?? candidates[0], network)
        }
    }

    /// Seconds since the job began.
    var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

    // MARK: - Listening

    /// Listens to every recording; of several, those that cannot be read are named.
    private func listen() throws {
        let names = RecordingNames(paths: job.inputs)
        for word in settings.ignored {
            let index = try names.index(of: word, option: "--ignore")
            inputs[index].reasons = ["you left it out (--ignore)"]
        }
        for word in settings.used { inputs[try names.index(of: word, option: "--use")].isForced = true }
        for word in settings.offsets.keys { _ = try names.index(of: word, option: "--offset") }
        if let reference = settings.reference { _ = try names.index(of: reference, option: "--reference") }
        let listening = Listening(folder: folder)
        for index in inputs.indices where inputs[index].reasons.isEmpty {
            let path = inputs[index].path
            let length = try? AudioReader(contentsOf: URL(fileURLWithPath: path)).info.duration
            let meter = PhaseMeter(
                monitor, "listening to \(inputs[index].name)", seconds: length, index: index, of: inputs.count)
            do {
                inputs[index].recording = try listening.listen(to: path) { try meter.advance($0) }
            } catch let error as MediaError where inputs.count > 1 && error.operation != ScratchFile.operation {
                inputs[index].reasons = ["it cannot be read: \(error.reason)"]
                monitor.tell(error.description)
            }
        }
    }

    /// The recordings that are worth aligning.
    private func candidates() throws -> [Int] {
        for index in inputs.indices {
            guard let recording = inputs[index].recording else { continue }
            inputs[index].reasons += Faults(recording).sentences + recording.notes
            if recording.isDead, !inputs[index].isForced, inputs.count > 1 {
                monitor.tell("\(inputs[index].name): left out: \(inputs[index].reasons[0])")
            }
        }
        let found = inputs.indices.filter { index in
            guard let recording = inputs[index].recording else { return false }
            // Steady noise alone is cleaned where nothing else was given: it may be what someone wants to hear.
            return !recording.isDead || inputs[index].isForced || (inputs.count == 1 && !recording.isSilent)
        }
        guard !found.isEmpty else {
            if inputs.count == 1 {
                throw RestorationError(
                    .nothingUsable,
                    "Cannot clean '\(inputs[0].path)': \(inputs[0].reasons.first ?? "it holds nothing"); check that it is the right recording, or name it with --use to clean it all the same."
                )
            }
            let reasons = inputs.map { "'\($0.path)': \($0.reasons.first ?? "it holds nothing")" }
            throw RestorationError(
                .nothingUsable, "None of the recordings can be used: \(reasons.joined(separator: "; ")).")
        }
        return found
    }
}
