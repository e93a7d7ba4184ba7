import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining

/// Batches of a linear problem with four inputs and two outputs, from memory: a function of epoch and position.
final class LinearBatches: BatchSource {
    let batchesPerEpoch: Int
    let size: Int
    /// Asked before each batch: the place of a failure, or a change to what was made.
    var change: (_ epoch: Int, _ position: Int, inout Batch) throws -> Void = { _, _, _ in }

    init(batchesPerEpoch: Int = 4, size: Int = 6) {
        self.batchesPerEpoch = batchesPerEpoch
        self.size = size
    }

    func batch(epoch: Int, position: Int) throws -> Batch {
        let number = epoch * batchesPerEpoch + position
        let generator = Generator(seed: UInt64(1000 + number))
        let x = Tensor.normal([size, 4], using: generator)
        let truth = Tensor([Float(1), -2, 0.5, 0, 3, 0.25, -1, 1], shape: [2, 4])
        var batch = Batch(
            input: x, target: x.linear(truth) + Tensor.normal([size, 2], using: generator) * 0.1,
            indices: Array(number * size..<(number + 1) * size))
        try change(epoch, position, &batch)
        return batch
    }
}

/// A network of ten parameters.
func tinyNetwork(seed: UInt64 = 1) -> Linear {
    Runtime.threads = 1  // for tensors this small a second thread only waits, long on a busy machine
    return Linear(inputs: 4, outputs: 2, using: Generator(seed: seed))
}

/// A learner of a tiny network whose `prepare` draws noise from the learner's generator.
func noisyLearner(
    _ network: Linear, rate: Double = 0.05, optimizer: (([ParameterGroup]) -> any Optimizer)? = nil, seed: UInt64 = 3
) -> Learner {
    let groups = ParameterGroup.of(network, rate: rate, weightDecay: 0.01)
    return Learner(
        model: network, forward: { network($0) },
        prepare: { batch, generator in
            (batch.input + Tensor.normal(batch.input.shape, using: generator) * 0.05, batch.target)
        },
        loss: { step in
            guard let output = step.output, let target = step.target else { return Tensor(0) }
            return output.squaredLoss(target)
        }, optimizer: optimizer.map { $0(groups) } ?? AdamW(groups), seed: seed)
}

/// A learner without noise, trained by plain gradient descent.
func plainLearner(_ network: Linear, rate: Double = 0.05) -> Learner {
    Learner(
        model: network, loss: { $0.squaredLoss($1) },
        optimizer: SGD(ParameterGroup.of(network, rate: rate, weightDecay: 0), momentum: 0))
}

/// Copies of named tensors, to be compared later.
func copies(_ state: [(name: String, tensor: Tensor)]) -> [String: Tensor] {
    withoutGradients {
        Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor.detached().copied()) })
    }
}

/// The names whose bits differ between two states, or that only one has.
func differences(_ a: [String: Tensor], _ b: [String: Tensor]) -> [String] {
    Set(a.keys).union(b.keys).filter { name in
        guard let x = a[name], let y = b[name] else { return true }
        return !x.isEqual(to: y)
    }.sorted()
}

/// A callback made of closures.
final class Hooks: Callback {
    var beforeFit: () throws -> Void = {}
    var beforeEpoch: (Int) throws -> Void = { _ in }
    var beforeBatch: (inout Step) throws -> Void = { _ in }
    var afterPrediction: (inout Step) throws -> Void = { _ in }
    var afterLoss: (inout Step) throws -> Void = { _ in }
    var beforeStep: (inout Step) throws -> Void = { _ in }
    var afterStep: (inout Step) throws -> Void = { _ in }
    var afterBatch: (Step) throws -> Void = { _ in }
    var afterEpoch: (Int) throws -> Void = { _ in }
    var afterFit: () throws -> Void = {}
    var cleanUp: () -> Void = {}

    func beforeFit(_ learner: Learner) throws { try beforeFit() }
    func beforeEpoch(_ learner: Learner, epoch: Int) throws { try beforeEpoch(epoch) }
    func beforeBatch(_ learner: Learner, step: inout Step) throws { try beforeBatch(&step) }
    func afterPrediction(_ learner: Learner, step: inout Step) throws { try afterPrediction(&step) }
    func afterLoss(_ learner: Learner, step: inout Step) throws { try afterLoss(&step) }
    func beforeStep(_ learner: Learner, step: inout Step) throws { try beforeStep(&step) }
    func afterStep(_ learner: Learner, step: inout Step) throws { try afterStep(&step) }
    func afterBatch(_ learner: Learner, step: Step) throws { try afterBatch(step) }
    func afterEpoch(_ learner: Learner, epoch: Int) throws { try afterEpoch(epoch) }
    func afterFit(_ learner: Learner) throws { try afterFit() }
    func cleanUp(_ learner: Learner) { cleanUp() }

    /// Writes the name of every event into a log.
    static func logging(_ log: @escaping (String) -> Void) -> Hooks {
        let hooks = Hooks()
        hooks.beforeFit = { log("fit") }
        hooks.beforeEpoch = { log("epoch \($0)") }
        hooks.beforeBatch = { log("batch \($0.number)") }
        hooks.afterPrediction = { _ in log("predicted") }
        hooks.afterLoss = { _ in log("loss") }
        hooks.beforeStep = { _ in log("step") }
        hooks.afterStep = { _ in log("stepped") }
        hooks.afterBatch = { log("end of batch \($0.number)") }
        hooks.afterEpoch = { log("end of epoch \($0)") }
        hooks.afterFit = { log("end of fit") }
        hooks.cleanUp = { log("clean") }
        return hooks
    }
}

/// A constant plan of some steps.
func steps(_ count: Int) -> FitPlan { FitPlan(length: .steps(count)) { _ in StepSettings() } }
