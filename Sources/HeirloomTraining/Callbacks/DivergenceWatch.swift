import Foundation
import HeirloomTensors

/// Sees on the device when losses stay infinite or not a number; the device is read every few steps only.
struct DivergenceWatch {
    /// Bad losses in a row that end a fit: the optimizer leaves out what a single bad batch would do.
    private static let patience = 3
    /// Steps from one look to the next.
    private static let interval = 4
    /// Optimizer steps in a row without a finite gradient that end a fit; float16's loss scale needs some to settle.
    private static let hopeless = 40

    /// Bad losses in a row, and the number of the first one once there are too many, else infinity.
    private var (inRow, found): (Tensor?, Tensor?)
    private var steps = 0
    /// Optimizer steps and skipped ones when the last one was good.
    private var lastGood: (steps: Int, skipped: Int)?

    init() { (inRow, found) = (nil, nil) }

    /// Takes a loss in; every few steps looks at the device.
    /// - Throws: ``TrainingError`` with code `diverged`.
    mutating func add(_ loss: Tensor, _ step: Step, _ learner: Learner) throws {
        withoutGradients {
            let isBad = (.!loss.isFinite()).to(dtype: .float32)
            let row = inRow.map { ($0 + 1) * isBad } ?? isBad
            let first = step.number + 1 - (Self.patience - 1)
            let before = found ?? .full([], .infinity, device: loss.device)
            found = `where`(row .>= Double(Self.patience), before.clamped(to: ...Double(first)), before)
            inRow = row
        }
        steps += 1
        guard steps % Self.interval == 0, let found else { return }
        let seen = withoutGradients { stacked([found, learner.skippedSteps], axis: 0).floats }
        if seen[0].isFinite {
            throw TrainingError.diverged(learner, since: Int(seen[0]), "the loss is not a finite number")
        }
        let (done, skipped) = (steps / learner.accumulation, Int(seen[1]))
        guard let last = lastGood, skipped - last.skipped >= done - last.steps, done > last.steps else {
            return lastGood = (done, skipped)
        }
        if done - last.steps >= Self.hopeless {
            let since = step.number + 1 - (done - last.steps) * learner.accumulation
            throw TrainingError.diverged(learner, since: since, "no gradient is finite")
        }
    }
}

extension TrainingError {
    /// The error of a fit whose numbers are gone, with the rate to try: a third of the present one.
    static func diverged(_ learner: Learner, since step: Int, _ what: String) -> TrainingError {
        let rate = learner.optimizer.groups.map(\.rate).max() ?? 0
        let saver = learner.callbacks.lazy.compactMap { $0 as? CheckpointSaver }.first
        let kept =
            saver.map { "the last good weights are kept in \($0.path) (step \($0.lastSave.steps))" }
            ?? "no step was taken with such numbers"
        return TrainingError(
            code: .diverged,
            reason: "\(what) from step \(step) on; \(kept); train again with a rate of \(short(rate / 3)) instead of "
                + short(rate), step: step, suggestedRate: rate / 3)
    }

    private static func short(_ rate: Double) -> String { String(format: "%.2g", rate) }
}
