import HeirloomDatasets
import HeirloomTensors
import HeirloomTraining

/// What a learner did, step by step, for comparison with another program's training.
final class TrainingTrace: Callback {
    /// One step.
    struct Row {
        let loss: Double
        let rates: [Double]
        let beta1: Double?
        let turn: AdversarialPair.Turn?
    }

    /// The steps.
    private(set) var rows: [Row] = []

    func afterBatch(_ learner: Learner, step: Step) throws {
        // Weights and vectors of a layer group are optimizer groups of their own, at one rate.
        var names: Set<Substring> = []
        let layers = learner.optimizer.groups.filter { names.insert($0.name.prefix { $0 != "." }).inserted }
        rows.append(
            Row(
                loss: step.loss?.item() ?? .nan,
                rates: layers.map { $0.rate * step.settings.rateFactor },
                beta1: step.settings.momentum, turn: step.turn))
    }
}

/// Batches that exist already, in order.
final class GivenBatches: BatchSource {
    private let batches: [Batch]

    init(_ batches: [Batch]) { self.batches = batches }

    var batchesPerEpoch: Int { batches.count }
    func batch(epoch: Int, position: Int) throws -> Batch { batches[position] }
}
