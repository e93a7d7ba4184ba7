import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining

extension TrainingRun {
    /// The network as it is before training, and its figures in the record.
    /// - Returns: Copies of all its tensors.
    func start(judging: Bool) throws -> [String: Tensor] {
        if judging, let figures = try task.judge() {
            record.start = figures
            try tell(.validated(phase: nil, figures))
        }
        return copies(of: task.network.state())
    }

    /// So many pictures that no stop rule has seen are enough for a verdict.
    private static var enoughPictures: Int { 20 }

    /// Compares the averaged network with the one at the start, and puts the latter back when it was not worse.
    func judge(against first: [String: Tensor]) throws {
        guard let base = record.start, let new = try averages.withAverages({ try task.judge() }) else {
            let text = "without held-out pictures nothing says whether the new model is better; it was saved as it is"
            try tell(.note(text), phase: task.phases.count - 1)
            return
        }
        // Stop rules chose by the first pictures: where enough others remain, those decide.
        let seen = task.phases.compactMap { $0.kind == .critic ? nil : $0.stop?.pictures }.max() ?? 0
        let skipped = base.scores.count - seen >= Self.enoughPictures ? seen : 0
        var verdict = Verdict(
            base: Array(base.scores.dropFirst(skipped)), new: Array(new.scores.dropFirst(skipped)),
            objection: new.objection(against: base))
        if let unit = task.phases.last?.unit, unit != .pixels { verdict.things = unit.things }
        record.verdict = verdict
        if !verdict.isBetter {
            put(first.map { ($0.key, $0.value) })
            averages = ExponentialMovingAverage(of: task.network, decay: task.averageDecay)
        }
        try tell(.verdict(verdict), phase: task.phases.count - 1)
    }

    /// Searches the rate of the first phase; the record keeps what all generator phases' rates are multiplied by.
    ///
    /// The recipe's rates are known to train; a search on few batches is noisy. So it may change them by a factor of
    /// three, not more.
    func findRate() throws {
        guard let phase = task.phases.first, phase.kind == .generator else { return }
        let learner = try task.learner(for: phase, seed: options.seed)
        let batches = task.batches(for: phase, batchSize: phase.batchSize, seed: options.seed)
        let result = try LearningRateFinder(start: phase.rate / 100, end: phase.rate * 100, steps: 60)(
            learner, data: batches)
        guard let rate = result.suggestion else {
            return try tell(.note("the search for a learning rate was not clear; the recipe's rates stay"))
        }
        let factor = min(max(rate / phase.rate, 1.0 / 3), 3)
        record.rateFactor = factor
        try tell(.note(String(format: "rate found: %.2g (recipe %.2g)", phase.rate * factor, phase.rate)))
    }

    func copies(of state: [(name: String, tensor: Tensor)]) -> [String: Tensor] {
        withoutGradients {
            Dictionary(
                uniqueKeysWithValues: state.map { ($0.name, $0.tensor.detached().copied()) })
        }
    }
}
