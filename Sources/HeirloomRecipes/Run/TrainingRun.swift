import Foundation
import HeirloomLayers
import HeirloomModels
import HeirloomTensors
import HeirloomTraining

/// Runs a task from its first phase to the saved model: checkpoints and exact resume, running averages, the stop rule of
/// adversarial phases, and the comparison with the model that it started from.
public final class TrainingRun<Task: TrainingTask> {
    /// What the saved model carries.
    public typealias Record = RunRecord<Task.Recipe, Task.Figures>

    /// The options.
    public let options: TrainingOptions
    /// The task.
    public let task: Task
    /// Told what happens.
    public var report: (TrainingEvent) -> Void = { _ in }
    /// Asked after every batch; true saves a checkpoint and ends the run.
    public var isInterrupted: () -> Bool = { false }

    var record: Record
    var averages: ExponentialMovingAverage
    /// The stop rule's memory in the present phase.
    var stop = StopState<Task.Figures>()
    /// The log beside the output, while a run keeps one, and why it could not be written.
    var log: TrainingLog?
    var logFailure: (any Error)?

    /// Prepares a run.
    public init(_ options: TrainingOptions, task: Task) {
        self.options = options
        self.task = task
        averages = ExponentialMovingAverage(
            of: task.network, decay: task.phases.first?.averageDecay ?? task.averageDecay)
        record = Record(
            task: task.name, recipe: task.recipe, startingWeights: options.startingWeights, data: task.data,
            length: "\(options.length)", seed: options.seed, device: "\(options.device)",
            precision: options.precision?.description ?? "float32", libtorch: Runtime.version)
    }

    /// Trains to the end and writes the model.
    /// - Parameter resume: Goes on from the checkpoint beside the output; without one there the run starts anew.
    /// - Returns: The record that the model carries, or nil when ``isInterrupted`` ended the run: it resumes.
    /// - Throws: `TrainingError`, `DatasetError` or `TorchError` when files or the device fail.
    @discardableResult
    public func run(resume: Bool = false) throws -> Record? {
        let checkpoint = resume ? try readCheckpoint() : nil
        try openLog(checkpoint)
        let first = options.comparesWithStart ? try start(judging: record.start == nil) : nil
        if checkpoint == nil, options.findsRate { try findRate() }
        var pending = checkpoint
        for index in (checkpoint?.header.phase ?? 0)..<task.phases.count {
            do { try run(phase: index, from: pending) } catch let error as TrainingError
                where error.code == .interrupted
            { return nil }
            pending = nil
        }
        if let first { try judge(against: first) }
        try write(to: options.output)
        if options.savesCritic, let critic = task.critic {
            try ModelFile.write(
                critic, to: options.criticPath, task: "critic", licence: options.licence, trainingRecord: recordText())
            try tell(.saved(path: options.criticPath), phase: task.phases.count - 1)
        }
        for path in [options.checkpointPath, options.bestPath] { try? FileManager.default.removeItem(atPath: path) }
        return record
    }

    /// A phase with the rate that the search found.
    func phase(_ index: Int) -> TrainingPhase {
        var phase = task.phases[index]
        if phase.kind == .generator { phase.rate *= record.rateFactor ?? 1 }
        return phase
    }

    private func run(phase index: Int, from checkpoint: CheckpointSaver.Checkpoint?) throws {
        let phase = phase(index)
        try tell(.phase(index: index, of: task.phases.count, phase), phase: index)
        let seed = options.seed &+ UInt64(index) &* 1_000_003
        restartAverages(phase: index)
        let learner = try task.learner(for: phase, seed: seed)
        let batches = task.batches(for: phase, batchSize: phase.batchSize, seed: seed)
        try checkpoint?.restore(learner, averages: averages)
        // A critic's learner need not contain the network, which in a critic phase is what its averages are.
        if checkpoint != nil, phase.kind == .critic { put(averages.state()) }
        stop = try checkpoint.map { try readStop(phase: index, step: $0.header.position.steps) } ?? .init()

        let plan = TrainingPlan(phases: task.phases, length: options.length, pictures: task.pictures)
        let recorder = recorder(phase: index, plan: plan)
        let saver = CheckpointSaver(
            path: options.checkpointPath, everySeconds: options.checkpointSeconds, averages: averages, phase: index,
            identity: try identity(), notes: try notes(), isInterrupted: isInterrupted)
        if phase.kind != .critic { learner.callbacks.append(averages) }
        learner.callbacks.append(recorder)
        if let rule = phase.stop {
            learner.callbacks.append(watcher(rule, phase: phase, index: index, saver: saver))
        }
        learner.callbacks += journal(phase: index) + [saver]
        // The state in which a phase begins is on disk, so that nothing of the phase before is needed again.
        if checkpoint == nil, index > 0 { try saver.save(learner) }
        try learner.fit(batches, plan: plan.fit(phase: index), from: checkpoint?.header.position ?? FitPosition())
        try finish(phase: phase, index: index, learner: learner, recorder: recorder)
    }

    private func finish(phase: TrainingPhase, index: Int, learner: Learner, recorder: Recorder) throws {
        if let best = stop.tensors {
            put(best.map { ($0.key, $0.value) })
            averages = ExponentialMovingAverage(of: task.network, decay: phase.averageDecay ?? task.averageDecay)
        }
        let figures = try averages.withAverages { try task.judge() }
        let last = recorder.entries.last
        record.phases.append(
            Record.Phase(
                kind: phase.kind, size: phase.size, batchSize: phase.batchSize, steps: learner.position.steps,
                seconds: learner.position.seconds.rounded(), pictures: learner.position.steps * phase.batchSize,
                loss: last?.loss ?? 0, lossParts: last?.figures ?? [:], skippedSteps: last?.skipped ?? 0,
                checks: stop.history.checks.isEmpty ? nil : stop.history.checks, validation: figures))
        if let figures { try tell(.validated(phase: index, figures), phase: index, learner: learner) }
        try draw()
    }

    /// A critic has to meet the pictures of the network that would be saved, and the polish starts from it: there the
    /// network takes its averages, and new averages begin.
    private func restartAverages(phase index: Int) {
        let kinds = task.phases.map(\.kind)
        guard index > 0, kinds[index] != .generator || kinds[index - 1] != .generator else { return }
        put(averages.state())
        averages = ExponentialMovingAverage(
            of: task.network, decay: task.phases[index].averageDecay ?? task.averageDecay)
    }

    /// Gives the network values by their names; what is not named stays.
    func put(_ values: [(name: String, tensor: Tensor)]) {
        let values = Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.tensor) })
        withoutGradients {
            for (name, tensor) in task.network.state() {
                if let value = values[name] { tensor.copy(from: value) }
            }
        }
    }
}
