import Foundation
import HeirloomTensors
import HeirloomTraining

extension TrainingRun {
    /// Opens the log beside the output: empty, or as it was at a checkpoint.
    func openLog(_ checkpoint: CheckpointSaver.Checkpoint?) throws {
        guard options.keepsLog else { return }
        log = try TrainingLog(
            path: options.logPath,
            resumingAt: checkpoint.map { ($0.header.phase, $0.header.position.steps) })
    }

    /// Tells an event, and logs what is not told by figures.
    func tell(_ event: TrainingEvent, phase: Int = 0, learner: Learner? = nil) throws {
        report(event)
        let position = learner?.position ?? FitPosition()
        let (step, seconds) = (position.steps, position.seconds)
        switch event {
        case .progress: break
        case .validated(_, let figures):
            try log?.append(
                .init(measures: figures.measures, phase: phase, step: step, seconds: seconds))
        case .checked(let check):
            if check.score.isFinite {
                try log?.append(
                    .init(measures: ["stop score": check.score], phase: phase, step: step, seconds: seconds))
            }
            try log?.append(.init(note: TrainingText.check(check), phase: phase, step: step, seconds: seconds))
        case .phase, .verdict, .note, .saved:
            try log?.append(.init(note: TrainingText.event(event), phase: phase, step: step, seconds: seconds))
        }
    }

    /// The recorder of a phase, which tells and logs progress.
    func recorder(phase index: Int, plan: TrainingPlan) -> Recorder {
        Recorder(every: 20) { [unowned self] entry in
            let (fraction, left) = plan.progress(phase: index, entry: entry)
            report(
                .progress(
                    TrainingProgress(
                        entry, phase: index, phases: task.phases.count, fraction: fraction, secondsLeft: left,
                        unit: task.phases[index].unit)))
            do { try log?.append(entry, phase: index) } catch { logFailure = logFailure ?? error }
        }
    }

    /// Draws the plot of the log and the preview sheet of the averaged network beside the output.
    func draw() throws {
        if log != nil {
            try TrainingPlot(try TrainingLog.read(options.logPath), title: task.name).write(to: options.plotPath)
        }
        guard options.previewSeconds != nil else { return }
        if let sheet = averages.withAverages({ task.preview() }), !sheet.rows.isEmpty {
            try PNGSheet(rows: sheet.rows).write(to: options.previewPath)
        }
    }

    /// Callbacks that keep the journal of a phase.
    func journal(phase: Int) -> [any Callback] {
        var result: [any Callback] = [
            JournalWatch(
                failure: { [unowned self] in logFailure },
                split: { [unowned self] learner, parts in
                    let text = "the memory was too small: batches are computed in \(parts) parts from here on"
                    try tell(.note(text), phase: phase, learner: learner)
                })
        ]
        if let seconds = options.previewSeconds {
            result.append(Periodic(seconds: seconds) { [unowned self] in try draw() })
        }
        if let seconds = options.snapshotSeconds {
            result.append(
                Periodic(seconds: seconds) { [unowned self] in
                    try write(to: options.output + ".snapshot.safetensors")
                })
        }
        return result
    }
}

extension TrainingFigures {
    /// All numbers by their names, and the score.
    var measures: [String: Double] {
        guard let data = try? JSONEncoder().encode(self),
            let values = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        else { return ["score": score] }
        return values.compactMapValues { $0 as? Double }.merging(score.isFinite ? ["score": score] : [:]) { $1 }
    }
}

/// Ends a fit whose log cannot be written, and tells of split batches.
private final class JournalWatch: Callback {
    private let failure: () -> (any Error)?
    private let split: (Learner, Int) throws -> Void

    init(failure: @escaping () -> (any Error)?, split: @escaping (Learner, Int) throws -> Void) {
        self.failure = failure
        self.split = split
    }

    func afterBatch(_ learner: Learner, step: Step) throws { if let error = failure() { throw error } }

    func batchWasSplit(_ learner: Learner, parts: Int) throws { try split(learner, parts) }
}

/// Does something at most every so many seconds, between two steps.
final class Periodic: Callback {
    private let seconds: Double
    private let body: () throws -> Void
    private var last = 0.0

    init(seconds: Double, _ body: @escaping () throws -> Void) {
        self.seconds = seconds
        self.body = body
    }

    func beforeFit(_ learner: Learner) throws { last = learner.position.seconds }

    func afterBatch(_ learner: Learner, step: Step) throws {
        guard learner.position.seconds - last >= seconds else { return }
        last = learner.position.seconds
        try body()
    }
}
