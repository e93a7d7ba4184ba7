import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// A ``LearnerAction`` is caught at its level, wherever in that level it is thrown.
@Suite struct CancellationTests {
    struct Failure: Error {}

    static let events = ["beforeBatch", "afterPrediction", "afterLoss", "beforeStep"]

    /// Throws at an event of a batch.
    private func thrower(_ event: String, at number: Int, _ error: any Error) -> Hooks {
        let hooks = Hooks()
        let throwing: (inout Step) throws -> Void = { if $0.number == number { throw error } }
        switch event {
        case "beforeBatch": hooks.beforeBatch = throwing
        case "afterPrediction": hooks.afterPrediction = throwing
        case "afterLoss": hooks.afterLoss = throwing
        case "beforeStep": hooks.beforeStep = throwing
        case "afterStep": hooks.afterStep = throwing
        default: hooks.afterBatch = { if $0.number == number { throw error } }
        }
        return hooks
    }

    /// Numbers of the batches that end in a fit, and the weights afterwards.
    private func fit(_ hooks: [any Callback], _ source: LinearBatches, count: Int) throws -> (log: [String], Tensor) {
        let network = tinyNetwork()
        let learner = plainLearner(network)
        var log: [String] = []
        learner.callbacks = hooks + [Hooks.logging { log.append($0) }]
        try learner.fit(source, plan: steps(count))
        return (log, network.weight.detached().copied())
    }

    @Test(arguments: events)
    func aCancelledBatchLeavesNoGradient(event: String) throws {
        let (log, weight) = try fit([thrower(event, at: 1, LearnerAction.cancelBatch)], LinearBatches(), count: 3)
        #expect(log.filter { $0.hasPrefix("end of batch") } == ["end of batch 0", "end of batch 1", "end of batch 2"])
        #expect(log.count { $0 == "stepped" } == 2 && log.last == "clean")
        // as if the batch had not been there
        let without = LinearBatches()
        without.change = { _, position, batch in
            if position == 1 { batch = try LinearBatches().batch(epoch: 0, position: 2) }
        }
        expectEqual(weight, try fit([], without, count: 2).1)
    }

    @Test(arguments: events + ["afterStep", "afterBatch"])
    func aCancelledEpochGoesOnWithTheNext(event: String) throws {
        let source = LinearBatches(batchesPerEpoch: 4)
        let (log, _) = try fit([thrower(event, at: 5, LearnerAction.cancelEpoch)], source, count: 12)
        let epochs = log.filter { $0.contains("epoch") }
        #expect(epochs == ["epoch 0", "end of epoch 0", "epoch 1", "end of epoch 1", "epoch 2", "end of epoch 2"])
        let ended = log.filter { $0.hasPrefix("end of batch") }.compactMap { $0.split(separator: " ").last }
        let own = event == "afterBatch" ? [] : ["5"]
        #expect(ended.map(String.init) == ["0", "1", "2", "3", "4"] + own + ["8", "9", "10", "11"])
    }

    @Test func anEpochIsCancelledBeforeItsFirstBatch() throws {
        let hooks = Hooks()
        hooks.beforeEpoch = { if $0 == 1 { throw LearnerAction.cancelEpoch } }
        let (log, _) = try fit([hooks], LinearBatches(batchesPerEpoch: 2), count: 6)
        #expect(log.filter { $0.hasPrefix("end of batch") }.map { $0.last } == ["0", "1", "4", "5"])
    }

    @Test(arguments: events + ["afterStep", "afterBatch"])
    func aCancelledFitEndsInGoodOrder(event: String) throws {
        let (log, _) = try fit([thrower(event, at: 2, LearnerAction.cancelFit)], LinearBatches(), count: 9)
        #expect(log.suffix(3) == ["end of epoch 0", "end of fit", "clean"])
        #expect(!log.contains("batch 3"))
    }

    @Test func aFitIsCancelledBeforeItBegins() throws {
        let hooks = Hooks()
        hooks.beforeFit = { throw LearnerAction.cancelFit }
        let (log, _) = try fit([hooks], LinearBatches(), count: 3)
        #expect(log == ["end of fit", "clean"])
    }

    @Test(arguments: events + ["afterStep", "afterBatch"])
    func otherErrorsLeaveTheFit(event: String) throws {
        let network = tinyNetwork()
        let learner = plainLearner(network)
        var log: [String] = []
        learner.callbacks = [thrower(event, at: 1, Failure()), Hooks.logging { log.append($0) }]
        #expect(throws: Failure.self) { try learner.fit(LinearBatches(), plan: steps(3)) }
        #expect(log.last == "clean" && !log.contains("end of fit"))
        #expect(!network.isTraining && learner.optimizer.parameters.allSatisfy { $0.gradient == nil })
    }

    @Test func aFailingSourceLeavesTheFit() {
        let source = LinearBatches()
        source.change = { _, position, _ in if position == 2 { throw Failure() } }
        let learner = plainLearner(tinyNetwork())
        var cleaned = false
        let hooks = Hooks()
        hooks.cleanUp = { cleaned = true }
        learner.callbacks = [hooks]
        #expect(throws: Failure.self) { try learner.fit(source, plan: steps(4)) }
        #expect(cleaned && learner.position.steps == 2)
    }
}
