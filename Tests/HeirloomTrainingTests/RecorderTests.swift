import HeirloomDatasets
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct RecorderTests {
    @Test func entriesAreMeansOverTheirSteps() throws {
        let learner = noisyLearner(tinyNetwork())
        let plain = learner.loss
        learner.loss = { step in
            step.figures["half"] = plain(&step) * 0.5
            return plain(&step)
        }
        var losses: [Double] = []
        let hooks = Hooks()
        hooks.afterBatch = { losses.append($0.loss?.item() ?? .nan) }
        var reported = 0
        let recorder = Recorder(every: 3) { _ in reported += 1 }
        learner.callbacks = [hooks, recorder]
        try learner.fit(
            LinearBatches(batchesPerEpoch: 4, size: 6), plan: FitPlan(length: .steps(8), oneCycle: OneCycle()))
        #expect(recorder.entries.map(\.step) == [3, 6, 8] && recorder.entries.map(\.epoch) == [0, 1, 1])
        try #require(reported == 3 && recorder.entries.count == 3)
        for (entry, range) in zip(recorder.entries, [0..<3, 3..<6, 6..<8]) {
            let mean = losses[range].reduce(0, +) / Double(range.count)
            #expect(abs(entry.loss - mean) < 1e-5 * mean)
            #expect(abs((entry.figures["half"] ?? 0) - mean / 2) < 1e-5 * mean)
            #expect(entry.figures.count == 1 && entry.samplesPerSecond > 0 && entry.skipped == 0)
        }
        // the rate of the last step, 0.05 at the top
        let factor = OneCycle().settings(iteration: 2, of: 8).rateFactor
        #expect(abs(recorder.entries[0].rate - 0.05 * factor) < 1e-9)
    }

    @Test func aLossThatIsGoneEndsTheFit() throws {
        let source = LinearBatches()
        source.change = { _, _, batch in batch.target = batch.target.map { $0 * .infinity } }
        let learner = plainLearner(tinyNetwork())
        let recorder = Recorder(every: 2)
        learner.callbacks = [recorder]
        let error = #expect(throws: TrainingError.self) { try learner.fit(source, plan: steps(50)) }
        #expect(error?.code == .diverged && learner.position.steps < 10)
    }

    @Test func oneBadBatchDoesNotEndIt() throws {
        let source = LinearBatches()
        source.change = { _, position, batch in if position == 1 { batch.target = batch.target.map { $0 * .nan } } }
        let learner = plainLearner(tinyNetwork())
        let recorder = Recorder(every: 2)
        learner.callbacks = [recorder]
        try learner.fit(source, plan: steps(4))
        #expect(recorder.entries.map(\.skipped) == [1, 1] && recorder.entries.last?.loss.isFinite == true)
    }
}
