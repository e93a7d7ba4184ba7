import Foundation
import HeirloomTensors
import HeirloomTraining

/// What a stop rule knows in a phase.
struct StopState<Figures: TrainingFigures> {
    /// What was seen.
    var history = StopHistory()
    /// The figures before the phase: what others are compared with.
    var base: Figures?
    /// The averaged network at its best.
    var tensors: [String: Tensor]?
}

/// What the file of the best state says beside its tensors.
private struct StopHeader<Figures: TrainingFigures>: Codable {
    var phase: Int
    var history: StopHistory
    var base: Figures?
}

private let stopKey = "heirloom.best"

extension TrainingRun {
    /// The callback of a phase's stop rule.
    func watcher(_ rule: StopRule, phase: TrainingPhase, index: Int, saver: CheckpointSaver) -> any Callback {
        guard phase.kind != .critic else { return CriticWatch(rule) }
        return StopWatch(interval: rule.interval) { [unowned self] learner in
            let isExhausted = try check(rule, phase: index, learner: learner)
            try saver.save(learner)
            return isExhausted
        }
    }

    /// Judges the averaged network, keeps it when it is the best so far, and tells whether the phase should end.
    private func check(_ rule: StopRule, phase: Int, learner: Learner) throws -> Bool {
        let step = learner.position.steps
        guard let figures = try averages.withAverages({ try task.judge(pictures: rule.pictures) }) else { return false }
        if step == 0 { stop.base = figures }
        let objection = stop.base.flatMap { step == 0 ? nil : figures.objection(against: $0) }
        let isBest = stop.history.take(
            step: step, score: figures.score, objection: objection, summary: figures.summary)
        if isBest { stop.tensors = copies(of: averages.state()) }
        try writeStop(phase: phase)
        if let last = stop.history.checks.last { try tell(.checked(last), phase: phase, learner: learner) }
        return stop.history.isExhausted(patience: rule.patience)
    }

    private func writeStop(phase: Int) throws {
        let header = StopHeader(phase: phase, history: stop.history, base: stop.base)
        let text = String(decoding: try JSONEncoder().encode(header), as: UTF8.self)
        let tensors = (stop.tensors ?? [:]).sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }
        do { try Safetensors.write(tensors, metadata: [stopKey: text], to: options.bestPath) } catch {
            throw TrainingError(code: .inaccessible, reason: "the best state so far cannot be saved: \(error)")
        }
    }

    /// The stop rule's memory of a phase that is resumed.
    func readStop(phase: Int, step: Int) throws -> StopState<Task.Figures> {
        guard task.phases[phase].stop != nil, task.phases[phase].kind != .critic, step > 0 else { return .init() }
        let path = options.bestPath
        do {
            let file = try SafetensorsFile(path: path)
            let text = file.metadata[stopKey] ?? ""
            var header = try JSONDecoder().decode(StopHeader<Task.Figures>.self, from: Data(text.utf8))
            guard header.phase == phase else { throw CocoaError(.coderReadCorrupt) }
            header.history.forget(after: step)
            let device = options.device
            // Copies: the values lie in a file that is about to be replaced.
            let tensors = file.tensors().mapValues { $0.to(device: device).copied() }
            return StopState(history: header.history, base: header.base, tensors: tensors.isEmpty ? nil : tensors)
        } catch {
            throw TrainingError(
                code: .inaccessible,
                reason: "the best state of the interrupted phase cannot be read from \(path) (\(error)); start anew")
        }
    }
}

/// Judges before the first step and every so many steps.
private final class StopWatch: Callback {
    private let interval: Int
    private let isExhausted: (Learner) throws -> Bool

    init(interval: Int, isExhausted: @escaping (Learner) throws -> Bool) {
        self.interval = interval
        self.isExhausted = isExhausted
    }

    func beforeFit(_ learner: Learner) throws {
        if learner.position.steps == 0 { _ = try isExhausted(learner) }
    }

    func afterBatch(_ learner: Learner, step: Step) throws {
        guard learner.position.steps % interval == 0 else { return }
        if try isExhausted(learner) { throw LearnerAction.cancelFit }
    }
}

/// Ends a critic phase once the critic is good enough. It looks at single batches, every so many steps: what it does is
/// a function of the state alone, so that a resumed run ends at the same step.
private final class CriticWatch: Callback {
    private let rule: StopRule

    init(_ rule: StopRule) { self.rule = rule }

    func afterBatch(_ learner: Learner, step: Step) throws {
        guard let target = rule.criticLoss, learner.position.steps % rule.interval == 0, let loss = step.loss else {
            return
        }
        if loss.item() < target { throw LearnerAction.cancelFit }
    }
}
