import Foundation
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// A training that is killed anywhere and resumed ends with the bits of one that was not.
@Suite struct KillTests {
    struct Killed: Error {}

    static let length = 24

    /// One process: resumes from the checkpoint if there is one, saves every `steps` steps, trains to the end.
    @discardableResult
    static func train(_ path: String, everySteps steps: Int, _ hooks: Hooks? = nil) throws -> TinyGame {
        let resumes = FileManager.default.fileExists(atPath: path)
        let game = TinyGame(.adaptive(threshold: 0.66), seed: resumes ? 9 : 1, dropout: 0.2, noise: 0.05)
        game.learner.accumulation = 2
        var position = FitPosition()
        if resumes {
            let checkpoint = try CheckpointSaver.read(path)
            try checkpoint.restore(game.learner, averages: game.averages)
            position = checkpoint.header.position
        }
        game.learner.callbacks.append(
            CheckpointSaver(path: path, everySteps: steps, averages: game.averages))
        if let hooks { game.learner.callbacks.append(hooks) }
        try game.learner.fit(
            gameBatches(), plan: FitPlan(length: .steps(length), oneCycle: OneCycle()), from: position)
        return game
    }

    @Test func thrownOutAtTenSteps() throws {
        let folder = try TemporaryFolder()
        let whole = try Self.train(folder.file("whole"), everySteps: 5)
        let random = Generator(seed: 4)
        let stops = Tensor.integers([10], from: 0, to: Self.length, using: random).scalars(as: Int64.self)
        let events = Tensor.integers([10], from: 0, to: 5, using: random).scalars(as: Int64.self)
        var kills = 0
        for (stop, event) in zip(stops, events) {
            let hooks = Hooks()
            let hook: (inout Step) throws -> Void = { step in
                guard step.number == Int(stop) else { return }
                kills += 1
                throw Killed()
            }
            switch event {
            case 0: hooks.beforeBatch = hook
            case 1: hooks.afterPrediction = hook
            case 2: hooks.afterLoss = hook
            case 3: hooks.afterStep = hook
            default:
                hooks.afterBatch = { step in
                    var step = step
                    try hook(&step)
                }
            }
            try? FileManager.default.removeItem(atPath: folder.file("run"))
            do { try Self.train(folder.file("run"), everySteps: 5, hooks) } catch is Killed {}
            let resumed = try Self.train(folder.file("run"), everySteps: 5)
            #expect(differences(resumed.state, whole.state) == [], "stopped in step \(stop), event \(event)")
        }
        // Optimizer steps are only half of the batches.
        #expect(kills >= 8)
    }

    @Test(arguments: [7, 20])
    func killedAtAStep(stop: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("run")
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, stop = stop as Int] in
            let hooks = Hooks()
            hooks.afterBatch = { if $0.number == stop { kill(getpid(), SIGKILL) } }
            try KillTests.train(path, everySteps: 5, hooks)
        }
        #expect(try CheckpointSaver.read(path).header.position.steps == (stop / 6) * 6)
        let resumed = try Self.train(path, everySteps: 5)
        #expect(differences(resumed.state, try Self.train(folder.file("whole"), everySteps: 99).state) == [])
    }

    /// Killed at some moment while it saves after every step: nearly all of its time goes into writing.
    @Test func killedWhileItSaves() async throws {
        let folder = try TemporaryFolder()
        let whole = try Self.train(folder.file("whole"), everySteps: 99)
        for delay in [3, 11, 26] {
            let path = folder.file("run-\(delay)")
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, delay = delay as Int] in
                let hooks = Hooks()
                hooks.afterStep = { step in
                    // Step 20 and on are never reached: a slow machine is killed there at the latest.
                    if step.number >= 20 { kill(getpid(), SIGKILL) }
                    guard step.number == 1 else { return }
                    Thread.detachNewThread {
                        usleep(UInt32(delay) * 1000)
                        kill(getpid(), SIGKILL)
                    }
                }
                try KillTests.train(path, everySteps: 1, hooks)
            }
            let resumed = try Self.train(path, everySteps: 1)
            #expect(differences(resumed.state, whole.state) == [])
            // What was half written is gone.
            #expect(folder.names.allSatisfy { !$0.hasSuffix(".partial") })
        }
    }
}
