import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct DivergenceTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("run.checkpoint") }

    init() throws { folder = try TemporaryFolder() }

    /// Batches whose targets are not numbers where told.
    private func source(badFrom first: Int, to last: Int = .max) -> LinearBatches {
        let source = LinearBatches(batchesPerEpoch: 100)
        source.change = { _, position, batch in
            if position >= first && position <= last { batch.target = batch.target.map { $0 * .nan } }
        }
        return source
    }

    @Test func aLossThatIsGoneEndsTheFitSoon() throws {
        let learner = plainLearner(tinyNetwork(), rate: 0.03)
        var weight: Tensor?
        let hooks = Hooks()
        hooks.afterBatch = { [network = learner.model as? Linear] step in
            if step.number == 9 { weight = network?.weight.detached().copied() }
        }
        learner.callbacks = [hooks, Recorder(every: 50), CheckpointSaver(path: path, everySteps: 5)]
        let error = #expect(throws: TrainingError.self) { try learner.fit(source(badFrom: 10), plan: steps(100)) }
        #expect(error?.code == .diverged && error?.step == 11 && learner.position.steps <= 17)
        #expect(abs((error?.suggestedRate ?? 0) - 0.01) < 1e-12)
        let reason = error?.reason ?? ""
        #expect(reason.contains("from step 11 on") && reason.contains(path) && reason.contains("0.01 instead of 0.03"))
        // Bad gradients moved nothing: the checkpoint has the weights of the last good step.
        let resumed = plainLearner(tinyNetwork(seed: 8))
        try CheckpointSaver.read(path).restore(resumed, averages: nil)
        expectEqual(resumed.optimizer.parameters[0].detached(), try #require(weight))
    }

    @Test func twoBadBatchesDoNotEndIt() throws {
        let learner = plainLearner(tinyNetwork())
        learner.callbacks = [Recorder(every: 4)]
        try learner.fit(source(badFrom: 3, to: 4), plan: steps(12))
        #expect(learner.skippedSteps.item() == 2)
    }

    @Test func gradientsThatAreGoneEndItToo() throws {
        let learner = plainLearner(tinyNetwork())
        learner.callbacks = [Recorder()]
        try learner.fit(LinearBatches(), plan: steps(60))
        learner.loss = { step in ((step.output ?? Tensor(0)) * 0).sqrt().sum() + 1 }
        let error = #expect(throws: TrainingError.self) { try learner.fit(LinearBatches(), plan: steps(500)) }
        #expect(error?.code == .diverged && error?.reason.contains("no gradient is finite") == true)
        #expect((40...60).contains(learner.position.steps))
    }

    @Test func aGoodCheckpointIsKept() throws {
        let network = BatchNorm2d(channels: 2)
        let learner = Learner(
            model: network, loss: { $0.squaredLoss($1) },
            optimizer: SGD(ParameterGroup.of(network, rate: 0.01, weightDecay: 0)))
        let source = ListedBatches(
            (0..<8).map { index in
                let x = Tensor.normal([4, 2, 3, 3], using: Generator(seed: UInt64(index)))
                return Batch(input: index == 4 ? x * .infinity : x, target: x)
            })
        learner.callbacks = [Recorder(), CheckpointSaver(path: path, everySteps: 2)]
        let error = #expect(throws: TrainingError.self) { try learner.fit(source, plan: steps(8)) }
        // One bad batch skips the optimizer, but it reaches the running statistics.
        #expect(error?.code == .diverged && error?.reason.contains("running_mean") == true)
        let checkpoint = try CheckpointSaver.read(path)
        #expect(checkpoint.header.position.steps == 4)
        try checkpoint.restore(learner, averages: nil)
        #expect(network.runningMean.floats.allSatisfy { $0.isFinite })
    }

    @Test func aFullDiskKeepsTheOldCheckpoint() async throws {
        let path = path
        let learner = plainLearner(tinyNetwork())
        let saver = CheckpointSaver(path: path)
        try saver.save(learner)
        let before = try Data(contentsOf: URL(filePath: path))
        await #expect(processExitsWith: .success) { [path = path as String] in
            // Files of this process may grow to 300 bytes: the write of the checkpoint fails in the middle.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 300, rlim_max: 300)
            #if os(Linux)
                setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            #else
                setrlimit(RLIMIT_FSIZE, &limit)
            #endif
            let learner = plainLearner(tinyNetwork(seed: 5))
            learner.callbacks = [CheckpointSaver(path: path, everySteps: 1)]
            let error = #expect(throws: TrainingError.self) { try learner.fit(LinearBatches(), plan: steps(4)) }
            #expect(error?.code == .inaccessible && error?.reason.contains("untouched") == true)
            #expect(error?.reason.contains(path) == true && learner.position.steps == 1)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == before && folder.names == ["run.checkpoint"])
    }
}
