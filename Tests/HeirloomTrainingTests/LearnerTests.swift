import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct LearnerTests {
    @Test func eventsComeInOrder() throws {
        let learner = plainLearner(tinyNetwork())
        learner.accumulation = 2
        var log: [String] = []
        learner.callbacks = [Hooks.logging { log.append($0) }]
        try learner.fit(LinearBatches(batchesPerEpoch: 2), plan: steps(4))
        func batch(_ number: Int, steps: Bool) -> [String] {
            ["batch \(number)", "predicted", "loss"] + (steps ? ["step", "stepped"] : []) + ["end of batch \(number)"]
        }
        let expected =
            ["fit", "epoch 0"] + batch(0, steps: false) + batch(1, steps: true) + ["end of epoch 0", "epoch 1"]
            + batch(2, steps: false) + batch(3, steps: true) + ["end of epoch 1", "end of fit", "clean"]
        #expect(log == expected)
    }

    @Test func callbacksRunInTheOrderOfTheList() throws {
        let learner = plainLearner(tinyNetwork())
        var log: [String] = []
        learner.callbacks = ["a", "b"].map { name in
            let hooks = Hooks()
            hooks.afterStep = { _ in log.append(name) }
            return hooks
        }
        try learner.fit(LinearBatches(), plan: steps(2))
        #expect(log == ["a", "b", "a", "b"])
    }

    @Test func trainingLearnsTheProblem() throws {
        let network = tinyNetwork()
        let learner = noisyLearner(network, rate: 0.3)
        learner.data = LinearBatches(batchesPerEpoch: 25, size: 16)
        let recorder = Recorder(every: 10)
        learner.callbacks = [recorder]
        #expect(!network.isTraining)
        try learner.fit(oneCycle: 4)
        #expect(learner.position.steps == 100)
        // noise of 0.1 in the targets and 0.05 in the inputs is left
        let losses = recorder.entries.map(\.loss)
        try #require(losses.count == 10)
        #expect(losses[9] < 0.08 && losses[0] > 1, "\(losses)")
        #expect(!network.isTraining, "the mode is put back")
    }

    @Test func theLossGoesThroughItsCallbacks() throws {
        let learner = plainLearner(tinyNetwork())
        let hooks = Hooks()
        let marker = Tensor.ones([6, 4]) * 3
        hooks.beforeBatch = { $0.input = marker }
        var seen: [Bool] = []
        hooks.afterPrediction = { seen.append($0.output != nil && $0.loss == nil && $0.input.isEqual(to: marker)) }
        hooks.afterLoss = { seen.append($0.loss?.item().isFinite == true) }
        hooks.afterBatch = { seen.append($0.output == nil && $0.loss != nil) }
        learner.callbacks = [hooks]
        try learner.fit(LinearBatches(), plan: steps(1))
        #expect(seen == [true, true, true])
    }

    @Test func aTimedFitFollowsTheClock() throws {
        let learner = plainLearner(tinyNetwork())
        var progress: [Double] = []
        let hooks = Hooks()
        hooks.beforeBatch = { progress.append($0.progress) }
        learner.callbacks = [hooks]
        try learner.fit(LinearBatches(), plan: FitPlan(length: .seconds(0.15), oneCycle: OneCycle()))
        #expect(progress.count > 1 && progress == progress.sorted())
        #expect(progress.allSatisfy { (0..<1).contains($0) } && learner.position.seconds >= 0.15)
    }

    @Test func noBatchesAreLeftOfAFinishedFit() throws {
        let learner = plainLearner(tinyNetwork())
        var log: [String] = []
        learner.callbacks = [Hooks.logging { log.append($0) }]
        try learner.fit(LinearBatches(), plan: steps(3), from: FitPosition(steps: 3))
        #expect(log == ["fit", "end of fit", "clean"])
    }

    @Test func accumulationIsALargerBatch() throws {
        let (small, large) = (LinearBatches(batchesPerEpoch: 3, size: 6), LinearBatches(batchesPerEpoch: 1))
        large.change = { epoch, _, batch in
            let parts = try (0..<3).map { try small.batch(epoch: epoch, position: $0) }
            batch.input = concatenated(parts.map(\.input), axis: 0)
            batch.target = concatenated(parts.compactMap(\.target), axis: 0)
        }
        let (one, other) = (tinyNetwork(), tinyNetwork())
        let accumulating = plainLearner(one)
        accumulating.accumulation = 3
        try accumulating.fit(small, plan: steps(6))
        try plainLearner(other).fit(large, plan: steps(2))
        // the same mean in another order of float32 sums
        expectClose(one.weight.detached(), other.weight.detached(), absolute: 1e-6)
        #expect(!one.weight.isEqual(to: tinyNetwork().weight))
    }

    @Test func clippingLimitsTheNorm() throws {
        func update(clipping: Double?, scale: Double) throws -> (network: Linear, norm: Double) {
            let network = tinyNetwork()
            let learner = plainLearner(network, rate: 1)
            learner.loss = { step in
                guard let output = step.output, let target = step.target else { return Tensor(0) }
                return output.squaredLoss(target) * scale
            }
            learner.clipping = clipping
            let before = network.namedParameters().map { $0.tensor.detached().copied() }
            try learner.step(LinearBatches().batch(epoch: 0, position: 0))
            let changes = zip(network.namedParameters(), before).map { $0.tensor.detached() - $1 }
            return (network, TensorList.norm(changes).item())
        }
        let free = try update(clipping: nil, scale: 1)
        #expect(free.norm > 0.5)
        // plain gradient descent with rate 1 moves by the clipped gradient
        #expect(abs(try update(clipping: 0.25, scale: 1).norm - 0.25) < 1e-5)
        #expect(abs(try update(clipping: 0.25, scale: 1000).norm - 0.25) < 1e-5)
        let loose = try update(clipping: free.norm * 1.01, scale: 1)
        expectEqual(loose.network.weight.detached(), free.network.weight.detached())
        // The direction stays.
        let clipped = try update(clipping: 0.25, scale: 1).network.weight.detached()
        let start = tinyNetwork().weight.detached()
        let (a, b) = (clipped - start, free.network.weight.detached() - start)
        expectClose(a * (free.norm / 0.25), b, absolute: 1e-5)
    }

    @Test(arguments: [nil, 1.0])
    func aStepThatIsNotFiniteIsLeftOut(clipping: Double?) throws {
        let spoiled = LinearBatches(batchesPerEpoch: 5)
        spoiled.change = { _, position, batch in if position == 2 { batch.target = batch.target.map { $0 * .nan } } }
        let network = tinyNetwork()
        let learner = noisyLearner(network)
        learner.clipping = clipping
        var weights: [Tensor] = []
        let hooks = Hooks()
        hooks.afterBatch = { _ in weights.append(network.weight.detached().copied()) }
        learner.callbacks = [hooks]
        try learner.fit(spoiled, plan: steps(5))
        #expect(learner.skippedSteps.item() == 1)
        try #require(weights.count == 5)
        #expect(weights[2].isEqual(to: weights[1]) && !weights[3].isEqual(to: weights[2]))
        #expect(weights[4].isFinite().all().item() == 1)
    }

    @Test func theLossScaleAdapts() {
        let scaler = LossScaler(device: .cpu, scale: 1024, growthInterval: 3)
        func update(_ overflowed: Double) -> Double {
            scaler.update(overflowed: Tensor(overflowed))
            return scaler.scale.item()
        }
        let scales = [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0].map(update)
        #expect(scales == [1024, 1024, 2048, 2048, 1024, 1024, 1024, 512, 512, 512, 1024])
        let largest = LossScaler(device: .cpu, scale: 16_777_216, growthInterval: 1)
        largest.update(overflowed: Tensor(0))
        #expect(largest.scale.item() == 16_777_216)
    }

    @Test func float16TrainsWithAScale() throws {
        let (half, full) = (tinyNetwork(), tinyNetwork())
        let learners = [(half, DType.float16 as DType?), (full, nil)].map { network, precision in
            Learner(
                model: network, loss: { $0.to(dtype: .float32).squaredLoss($1) },
                optimizer: SGD(ParameterGroup.of(network, rate: 0.05, weightDecay: 0)), precision: precision)
        }
        #expect(learners[0].scaler != nil && learners[1].scaler == nil)
        let begun = half.weight.detached().copied()
        let source = LinearBatches()
        for number in 0..<12 {
            let skipped = learners[0].skippedSteps.item()
            let batch = try source.batch(epoch: 0, position: number)
            try learners[0].step(batch, number: number)
            // float32 takes the steps that float16 takes
            if learners[0].skippedSteps.item() == skipped { try learners[1].step(batch, number: number) }
        }
        // The first scale is too large for this loss: it is halved until the gradients fit.
        let skipped = Int(learners[0].skippedSteps.item())
        #expect((1...5).contains(skipped))
        #expect(learners[0].scaler?.scale.item() == 65536 / Double(1 << skipped))
        // eleven bits in the forward pass and in the gradients
        expectClose(half.weight.detached(), full.weight.detached(), absolute: 5e-3)
        #expect(!half.weight.isEqual(to: full.weight) && half.weight.l1Loss(begun).item() > 0.1)
    }
}
