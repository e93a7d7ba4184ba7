import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
@testable import HeirloomTraining
import TestSupport
import Testing

@Suite struct MemoryTests {
    static let failure = TorchError(code: .outOfMemory, operation: "conv2d", reason: "the fake device is full")

    /// Learner, the events of splitting, and the numbers of the batches that ended.
    private func fit(
        accumulation: Int = 1, _ hooks: Hooks?, source: LinearBatches = LinearBatches(),
        count: Int = 8
    ) throws -> (Learner, splits: [Int], ended: [Int]) {
        final class Splits: Callback {
            var parts: [Int] = []
            func batchWasSplit(_ learner: Learner, parts: Int) throws { self.parts.append(parts) }
        }
        let learner = noisyLearner(tinyNetwork(), optimizer: { SGD($0) })
        learner.accumulation = accumulation
        let (splits, log) = (Splits(), Hooks())
        var ended: [Int] = []
        log.afterBatch = { ended.append($0.number) }
        learner.callbacks = (hooks.map { [$0] } ?? []) + [splits, log]
        try learner.fit(source, plan: steps(count))
        return (learner, splits.parts, ended)
    }

    @Test(arguments: [1, 2, 3], [false, true])
    func aSplitBatchHasTheWholesGradient(accumulation: Int, late: Bool) throws {
        let (whole, none, _) = try fit(accumulation: accumulation, nil, count: 9)
        #expect(none == [])
        let hooks = Hooks()
        var (failures, losses) = (0, 0)
        // Late: once more in the middle of a batch, when a part's gradient is there.
        hooks.afterLoss = { step in
            if step.number == 4 { losses += 1 }
            guard step.number == 4, losses == 1 || (late && losses == 3) else { return }
            failures += 1
            throw Self.failure
        }
        let (split, splits, ended) = try fit(accumulation: accumulation, hooks, count: 9)
        #expect(failures == (late ? 2 : 1) && splits == (late ? [2, 4] : [2]) && split.parts == (late ? 4 : 2))
        #expect(Set(ended) == Set(0..<9) && (accumulation > 1 || ended == Array(0..<9)))
        for (name, tensor) in copies(split.state()) where name.hasPrefix("model/") || name.hasPrefix("optimizer/") {
            let other = try #require(copies(whole.state())[name])
            // another order of summation
            expectClose(tensor, other, absolute: 2e-6, relative: 1e-5, name)
        }
        #expect(differences(copies(split.state()), copies(whole.state())).allSatisfy { $0 != "generator" })
    }

    @Test func partsMayBeUneven() throws {
        let source = LinearBatches(size: 5)
        let (whole, _, _) = try fit(nil, source: source)
        let hooks = Hooks()
        var failures = 0
        hooks.afterPrediction = { step in
            if step.input.shape[0] > 2 {
                failures += 1
                throw Self.failure
            }
        }
        let (split, splits, _) = try fit(hooks, source: source)
        #expect(splits == [2, 4] && failures == 2)
        expectClose(
            copies(split.state())["model/weight"] ?? Tensor(0), copies(whole.state())["model/weight"] ?? Tensor(1),
            absolute: 2e-6)
    }

    @Test func lossAndFiguresAreMeansOverTheSamples() throws {
        let learner = plainLearner(tinyNetwork())
        let plain = learner.loss
        learner.loss = { step in
            let loss = plain(&step)
            step.figures["twice"] = loss * 2
            return loss
        }
        let batch = try LinearBatches(size: 5).batch(epoch: 0, position: 0)
        let whole = try learner.withoutTrace { try learner.step(batch) }
        learner.parts = 3
        let split = try learner.withoutTrace { try learner.step(batch) }
        #expect(abs((whole.loss?.item() ?? 0) - (split.loss?.item() ?? 1)) < 1e-5)
        #expect(abs((split.figures["twice"]?.item() ?? 0) - 2 * (split.loss?.item() ?? 0)) < 1e-5)
        #expect(split.input.shape[0] == 5)
    }

    @Test func realOutOfMemoryIsSurvived() throws {
        let network = tinyNetwork()
        let learner = plainLearner(network)
        learner.forward = { x in
            // 2^42 floats for whole batches
            x.shape[0] > 3 ? network(x) + Tensor.zeros([1 << 42]).sum() : network(x)
        }
        try learner.fit(LinearBatches(), plan: steps(4))
        #expect(learner.parts == 2 && learner.position.steps == 4)
        let plain = plainLearner(tinyNetwork())
        try plain.fit(LinearBatches(), plan: steps(4))
        expectClose(network.weight.detached(), copies(plain.state())["model/weight"] ?? Tensor(0), absolute: 1e-6)
    }

    /// A failure inside a step yields tensors that are nothing: none of them may stay in the learner.
    @Test func aRealFailureLeavesTheLearnerWhole() throws {
        let game = TinyGame(.adaptive(threshold: 99))
        let plain = game.learner.loss
        game.learner.loss = { step in
            step.input.shape[0] > 2 ? plain(&step) + Tensor.zeros([1 << 42]).sum() : plain(&step)
        }
        try game.learner.fit(gameBatches(), plan: steps(6))
        #expect(game.learner.parts == 2 && game.averages.steps == 3)
        #expect(game.learner.optimizer.parameters.allSatisfy { $0.requiresGradient })

        let network = tinyNetwork()
        let learner = Learner(
            model: network, loss: { $0.to(dtype: .float32).squaredLoss($1) },
            optimizer: SGD(ParameterGroup.of(network, rate: 0.01, weightDecay: 0)), precision: .float16)
        learner.forward = { x in x.shape[0] > 3 ? network(x) + Tensor.zeros([1 << 42]).sum() : network(x) }
        try learner.fit(LinearBatches(), plan: steps(12))
        #expect(learner.parts == 2 && (learner.scaler?.scale.item() ?? 0) > 0)
        #expect(network.weight.detached().floats.allSatisfy { $0.isFinite })
        #expect(learner.skippedSteps.item() < 12)
    }

    @Test func oneSampleThatDoesNotFitEndsTheFit() throws {
        let hooks = Hooks()
        hooks.afterPrediction = { _ in throw Self.failure }
        let error = #expect(throws: TrainingError.self) { _ = try fit(hooks) }
        #expect(error?.code == .outOfMemory && error?.reason.contains("smaller") == true)

        let learner = plainLearner(tinyNetwork())
        learner.prepare = { _, _ in (.zeros([1 << 42]), nil) }
        let preparing = #expect(throws: TrainingError.self) {
            try learner.fit(LinearBatches(), plan: steps(2))
        }
        #expect(preparing?.code == .outOfMemory)
    }

    @Test(arguments: AdversarialTests.rules)
    func aGameIsSplitToo(rule: AdversarialRule) throws {
        let game = TinyGame(rule)
        let hooks = Hooks()
        hooks.afterPrediction = { step in if step.input.shape[0] > 1 { throw Self.failure } }
        game.learner.callbacks.append(hooks)
        try game.learner.fit(gameBatches(), plan: steps(12))
        #expect(game.learner.parts == 4 && game.learner.position.steps == 12)
        #expect(game.recorder.entries.allSatisfy { $0.loss.isFinite && $0.figures["critic"]?.isFinite == true })
        #expect(game.learner.optimizer.parameters.allSatisfy { $0.requiresGradient })
    }

    /// The rule counts the losses of the batches that are done again once.
    @Test func aSplitBatchDoesNotChangeTheTurns() throws {
        let game = TinyGame(.adaptive(threshold: 0.85))
        game.learner.accumulation = 2
        var (turns, isFull) = ("", true)
        let hooks = Hooks()
        hooks.afterLoss = { step in
            guard step.number == 1, isFull else { return }
            isFull = false
            throw Self.failure
        }
        hooks.afterBatch = { turns += $0.turn == .critic ? "C" : "G" }
        game.learner.callbacks = [hooks]
        try game.learner.fit(gameBatches(), plan: steps(6))
        #expect(game.learner.parts == 2 && turns == "CCCGGCC")
    }

    /// A device whose steps take `fixed + n · each` bytes.
    private func size(fixed: Int, each: Int, limit: Int, sizing: BatchSizing = BatchSizing()) throws
        -> BatchSizing.Result
    {
        let learner = noisyLearner(tinyNetwork())
        try learner.fit(LinearBatches(), plan: steps(2))
        let before = copies(learner.state())
        var used = 0
        let probe = MemoryProbe(
            peak: { body in
                try body()
                return UInt64(used)
            }, limit: { UInt64(limit) })
        learner.prepare = { batch, _ in
            used = fixed + batch.input.shape[0] * each
            return (batch.input, batch.target)
        }
        learner.forward = { [network = learner.model as? Linear] x in
            guard used <= limit, let network else { return Tensor.zeros([1 << 42]) }
            return network(x)
        }
        defer { #expect(differences(copies(learner.state()), before) == []) }
        return try sizing.find(
            learner, batch: { try LinearBatches(size: $0).batch(epoch: 0, position: 0) }, probe: probe)
    }

    @Test func theSizeFillsItsShareOfTheMemory() throws {
        let mega = 1 << 20
        #expect(try size(fixed: 100 * mega, each: 10 * mega, limit: 1000 * mega).size == 64)
        let result = try size(fixed: 100 * mega, each: 10 * mega, limit: 500 * mega)
        #expect(result.size == 32 && abs(result.bytesPerSample - Double(10 * mega)) < 1)
        #expect(try size(fixed: 100 * mega, each: 10 * mega, limit: 420 * mega).size == 24)
        // So little per sample that small batches do not show it: 16 were tried, 32 did not fit.
        #expect(try size(fixed: 100 * mega, each: mega, limit: 130 * mega).size == 16)
        #expect(try size(fixed: 1, each: 1, limit: 1000 * mega).size == 64)
        // Hardly anything fits.
        #expect(try size(fixed: 100 * mega, each: 30 * mega, limit: 170 * mega).size == 2)
        #expect(try size(fixed: 100 * mega, each: 30 * mega, limit: 131 * mega).size == 1)
        #expect(try size(fixed: 0, each: 30 * mega, limit: 100 * mega).size == 2)
        let error = #expect(throws: TrainingError.self) {
            _ = try size(fixed: 100 * mega, each: 30 * mega, limit: 120 * mega)
        }
        #expect(error?.code == .outOfMemory)
        #expect(try size(fixed: 1, each: mega, limit: 1000 * mega, sizing: BatchSizing(largest: 1)).size == 1)
    }

    @Test func sizesAreRound() {
        let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 23, 24, 47, 48, 63, 64, 100].map(BatchSizing.round)
        #expect(sizes == [1, 2, 3, 4, 4, 6, 6, 8, 8, 12, 12, 16, 16, 24, 32, 48, 48, 64, 96])
    }

    @Test func thisMachineIsMeasured() throws {
        let network = tinyNetwork()
        let learner = plainLearner(network)
        // 64 MiB for each sample.
        learner.forward = { x in network(x) + Tensor.ones([x.shape[0], 1 << 24]).max() * 0 }
        let result = try BatchSizing(largest: 8)(learner) { try LinearBatches(size: $0).batch(epoch: 0, position: 0) }
        #expect(result.limit > 1 << 28 && (1...8).contains(result.size))
        #expect((0.5...4).contains(result.bytesPerSample / Double(1 << 26)) || result.bytesPerSample == 0)
    }
}
