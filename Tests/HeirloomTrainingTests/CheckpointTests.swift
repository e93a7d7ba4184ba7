import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// A run that is broken off and resumed ends with the bits of an unbroken one.
@Suite struct CheckpointTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("run.checkpoint") }

    init() throws { folder = try TemporaryFolder() }

    /// One process: a learner made from scratch, with averages.
    private final class Run {
        let learner: Learner
        let averages: ExponentialMovingAverage

        init(adam: Bool = true, seed: UInt64 = 1, accumulation: Int = 1) {
            let network = tinyNetwork(seed: seed)
            learner = noisyLearner(
                network, optimizer: { groups in if adam { AdamW(groups) } else { SGD(groups) } }, seed: seed)
            learner.accumulation = accumulation
            averages = ExponentialMovingAverage(of: network, decay: 0.9)
        }

        var state: [String: Tensor] {
            copies(learner.state() + averages.state().map { ("average/" + $0.name, $0.tensor) })
        }

        func fit(_ saver: CheckpointSaver?, from position: FitPosition = FitPosition()) throws {
            learner.callbacks = [averages]
            if let saver { learner.callbacks.append(saver) }
            try learner.fit(
                LinearBatches(), plan: FitPlan(length: .steps(14), oneCycle: OneCycle()), from: position)
        }
    }

    @Test(arguments: [true, false], [1, 2])
    func aResumedRunIsAnUnbrokenRun(adam: Bool, accumulation: Int) throws {
        let whole = Run(adam: adam, accumulation: accumulation)
        try whole.fit(nil)

        let broken = Run(adam: adam, accumulation: accumulation)
        var batches = 0
        let saver = CheckpointSaver(
            path: path, averages: broken.averages, phase: 2, identity: "test",
            isInterrupted: {
                batches += 1
                return batches >= 5
            })
        let stop = #expect(throws: TrainingError.self) { try broken.fit(saver) }
        #expect(stop?.code == .interrupted && stop?.reason.contains(path) == true)
        // With accumulation the fifth batch waits for the sixth.
        #expect(broken.learner.position.steps == (accumulation == 1 ? 5 : 6))

        // Another process: other first weights, another generator.
        let resumed = Run(adam: adam, seed: 77, accumulation: accumulation)
        let checkpoint = try CheckpointSaver.read(path)
        #expect(checkpoint.header.phase == 2 && checkpoint.header.identity == "test")
        #expect(checkpoint.header.position.steps == broken.learner.position.steps)
        try checkpoint.restore(resumed.learner, averages: resumed.averages)
        #expect(differences(resumed.state, broken.state) == [])
        try resumed.fit(nil, from: checkpoint.header.position)
        #expect(differences(resumed.state, whole.state) == [])
        #expect(resumed.averages.steps == whole.averages.steps)
        #expect(differences(whole.state, broken.state).count > 4, "the runs do nothing")
    }

    @Test func theGeneratorIsPartOfIt() throws {
        let whole = Run()
        try whole.fit(nil)
        let broken = Run()
        #expect(throws: TrainingError.self) {
            try broken.fit(CheckpointSaver(path: path, averages: broken.averages, isInterrupted: { true }))
        }
        let resumed = Run()
        let checkpoint = try CheckpointSaver.read(path)
        try checkpoint.restore(resumed.learner, averages: resumed.averages)
        resumed.learner.generator.state = Generator(seed: 99).state
        try resumed.fit(nil, from: checkpoint.header.position)
        #expect(differences(resumed.state, whole.state).contains("model/weight"))
    }

    @Test func savesWhenItIsTime() throws {
        let run = Run(accumulation: 2)
        var positions: [Int] = []
        let hooks = Hooks()
        let path = path
        hooks.afterBatch = { _ in
            if let checkpoint = try? CheckpointSaver.read(path), positions.last != checkpoint.header.position.steps {
                positions.append(checkpoint.header.position.steps)
            }
        }
        run.learner.callbacks = [CheckpointSaver(path: path, everySteps: 3, notes: "found again"), hooks]
        try run.learner.fit(LinearBatches(), plan: steps(14))
        // Only between optimizer steps: the third, seventh and eleventh batch wait for the next.
        #expect(positions == [4, 8, 12])
        #expect(try CheckpointSaver.read(path).header.notes == "found again")
        #expect(folder.names == ["run.checkpoint"])
    }

    @Test func damagedFilesAreNamed() throws {
        let run = Run()
        run.learner.callbacks = [CheckpointSaver(path: path, everySteps: 1)]
        try run.learner.fit(LinearBatches(), plan: steps(1))
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        try Safetensors.write([("a", Tensor(1))], to: folder.file("other"))
        try Safetensors.write([("a", Tensor(1))], metadata: ["heirloom.checkpoint": "{"], to: folder.file("bad"))
        let files = [
            (folder.file("missing"), TrainingError.Code.inaccessible),
            (try folder.write(Array(bytes.prefix(bytes.count - 9)), to: "cut"), .inaccessible),
            (try folder.write([], to: "empty"), .inaccessible), (folder.file("other"), .unfittingState),
            (folder.file("bad"), .inaccessible),
        ]
        for (file, code) in files {
            let error = #expect(throws: TrainingError.self) { _ = try CheckpointSaver.read(file) }
            #expect(error?.code == code && error?.reason.contains(file) == true, "\(file): \(error?.reason ?? "")")
        }
    }

    @Test func anotherNetworksCheckpointIsRefused() throws {
        let run = Run()
        run.learner.callbacks = [CheckpointSaver(path: path, everySteps: 1)]
        try run.learner.fit(LinearBatches(), plan: steps(1))
        let other = Linear(inputs: 4, outputs: 3, using: nil)
        let learner = plainLearner(other)
        let checkpoint = try CheckpointSaver.read(path)
        #expect(throws: ModuleError.self) { try checkpoint.restore(learner, averages: nil) }
        let plain = plainLearner(tinyNetwork())
        let error = #expect(throws: TrainingError.self) { try checkpoint.restore(plain, averages: nil) }
        #expect(error?.code == .unfittingState)
        #expect(throws: TrainingError.self) { try plain.load(["model/weight": Tensor(0)]) }
    }

    @Test func aFolderThatIsGoneIsAnError() throws {
        let run = Run()
        run.learner.callbacks = [CheckpointSaver(path: folder.file("gone/run"), everySteps: 1)]
        let error = #expect(throws: TrainingError.self) { try run.learner.fit(LinearBatches(), plan: steps(2)) }
        #expect(error?.code == .inaccessible && error?.reason.contains("gone/run") == true)
    }
}
