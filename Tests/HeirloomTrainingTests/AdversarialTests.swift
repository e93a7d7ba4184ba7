import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct AdversarialTests {
    static let rules: [AdversarialRule] = [.adaptive(threshold: 0.656), .every]

    @Test(arguments: ["adaptive", "every"])
    func theGameIsTorchs(name: String) throws {
        let golden = try Fixture.tensors("training/adversarial.safetensors")
        func value(_ key: String) throws -> Tensor { try #require(golden[key], "\(key)") }
        let game = TinyGame(name == "every" ? .every : .adaptive(threshold: 0.656))
        let start = golden.filter { $0.key.hasPrefix("start/") }
        var state = Dictionary(uniqueKeysWithValues: start.map { (String($0.key.dropFirst(6)), $0.value) })
        state["turn"] = .zeros([], dtype: .int64)
        try game.pair.load(state)

        let source = ListedBatches(
            try (0..<14).map { Batch(input: try value("input/\($0)"), target: try value("real/\($0)")) })
        var (turns, critic, generator): ([Int], [Double], [Double]) = ([], [], [])
        let hooks = Hooks()
        hooks.afterBatch = { step in
            turns.append(step.turn.map { $0 == .critic ? 0 : 1 } ?? 2)
            critic.append(step.figures["critic"]?.item() ?? .nan)
            generator.append(step.figures["generator"]?.item() ?? .nan)
        }
        game.learner.callbacks = [hooks]
        try game.learner.fit(source, plan: steps(14))

        #expect(turns == (try value("\(name)/turn").scalars(as: Int64.self).map(Int.init)))
        expectClose(Tensor(critic.map(Float.init)), try value("\(name)/critic"), absolute: 2e-5)
        expectClose(Tensor(generator.map(Float.init)), try value("\(name)/generator"), absolute: 2e-5)
        for (key, tensor) in game.pair.state() where key != "turn" {
            // Adam with a first beta of 0 divides small gradients by themselves: rounding is amplified.
            expectClose(tensor.detached(), try value("\(name)/end/\(key)"), absolute: 2e-4, relative: 1e-4, key)
        }
    }

    @Test func theOtherNetworkStandsStill() throws {
        let game = TinyGame(.adaptive(threshold: 0.656), dropout: 0.3)
        let hooks = Hooks()
        var before = game.state
        var seen: Set<String> = []
        hooks.afterBatch = { step in
            let now = game.state
            let changed = differences(now, before)
            let isCritics = step.turn == .critic
            let (own, other) = isCritics ? ("critic.", "generator.") : ("generator.", "critic.")
            #expect(changed.allSatisfy { !$0.hasPrefix("model/" + other) }, "\(changed)")
            #expect(changed.allSatisfy { !$0.hasPrefix("optimizer/" + other.dropLast()) }, "\(changed)")
            #expect(changed.contains { $0.hasPrefix("generators/") } == isCritics, "the critic's dropout")
            #expect(changed.contains { $0.hasPrefix("average/") } == !isCritics)
            seen.formUnion(changed.filter { $0.hasPrefix("model/" + own) })
            before = now
        }
        game.learner.callbacks.append(hooks)
        try game.learner.fit(gameBatches(), plan: steps(20))
        // Everything that trains, statistics and spectral vectors included, did move in its own turns; a unit vector of
        // one number cannot.
        let still = Set(game.pair.state().map { "model/" + $0.name }).subtracting(seen)
        #expect(still == ["model/turn", "model/critic.last.weight_u"])
        #expect(!game.pair.isTraining && !game.pair.generator.isTraining && !game.pair.critic.isTraining)
        #expect(game.learner.optimizer.parameters.allSatisfy { $0.gradient == nil && $0.requiresGradient })
    }

    @Test func thresholdsDecideTheTurns() throws {
        for (threshold, expected) in [(0.0, "CCCCCC"), (99, "CGCGCG"), (.nan, "CCCCCC")] {
            let game = TinyGame(.adaptive(threshold: threshold))
            var turns = ""
            let hooks = Hooks()
            hooks.afterBatch = { turns += $0.turn == .critic ? "C" : "G" }
            game.learner.callbacks.append(hooks)
            try game.learner.fit(gameBatches(), plan: steps(6))
            #expect(turns == expected)
            #expect(game.averages.steps == expected.count { $0 == "G" })
        }
    }

    @Test func aTurnLastsUntilTheOptimizerSteps() throws {
        let game = TinyGame(.adaptive(threshold: 99))
        game.learner.accumulation = 2
        var turns = ""
        let hooks = Hooks()
        hooks.afterBatch = { turns += $0.turn == .critic ? "C" : "G" }
        game.learner.callbacks = [hooks]
        try game.learner.fit(gameBatches(), plan: steps(8))
        #expect(turns == "CCGGCCGG")
    }

    @Test func figuresAreMeansOverTheirOwnBatches() throws {
        let game = TinyGame(.adaptive(threshold: 99))
        var (critic, generator): ([Double], [Double]) = ([], [])
        let hooks = Hooks()
        hooks.afterBatch = { step in
            if let loss = step.figures["critic"] { critic.append(loss.item()) }
            if let loss = step.figures["generator"] { generator.append(loss.item()) }
        }
        game.learner.callbacks.append(hooks)
        try game.learner.fit(gameBatches(), plan: steps(5))
        let entries = game.recorder.entries
        try #require(entries.count == 2 && critic.count == 3 && generator.count == 2)
        #expect(abs((entries[0].figures["critic"] ?? 0) - (critic[0] + critic[1]) / 2) < 1e-6)
        #expect(abs((entries[0].figures["generator"] ?? 0) - (generator[0] + generator[1]) / 2) < 1e-6)
        #expect(entries[1].figures.keys.sorted() == ["critic"])
    }

    @Test(arguments: rules, [nil, DType.bfloat16])
    func aResumedGameIsAnUnbrokenGame(rule: AdversarialRule, precision: DType?) throws {
        let folder = try TemporaryFolder()
        func make(seed: UInt64 = 1) -> TinyGame {
            let game = TinyGame(rule, seed: seed, dropout: 0.2, noise: 0.05, precision: precision)
            game.learner.clipping = 0.5
            return game
        }
        let whole = make()
        try whole.learner.fit(gameBatches(), plan: steps(16))
        for stop in [3, 6] {
            let broken = make()
            var batches = 0
            broken.learner.callbacks.append(
                CheckpointSaver(
                    path: folder.file("game"), averages: broken.averages,
                    isInterrupted: {
                        batches += 1
                        return batches == stop
                    }))
            #expect(throws: TrainingError.self) { try broken.learner.fit(gameBatches(), plan: steps(16)) }
            let resumed = make(seed: 50)
            let checkpoint = try CheckpointSaver.read(folder.file("game"))
            try checkpoint.restore(resumed.learner, averages: resumed.averages)
            #expect(differences(resumed.state, broken.state) == [])
            #expect(resumed.pair.turn == broken.pair.turn)
            try resumed.learner.fit(gameBatches(), plan: steps(16), from: checkpoint.header.position)
            #expect(differences(resumed.state, whole.state) == [])
        }
    }

    @Test(arguments: rules)
    func theFinderLeavesNoTrace(rule: AdversarialRule) throws {
        let game = TinyGame(rule, dropout: 0.2)
        try game.learner.fit(gameBatches(), plan: steps(4))
        let before = game.state
        let average = game.averages.steps
        _ = try LearningRateFinder(end: 0.1, steps: 12)(game.learner, data: gameBatches())
        #expect(differences(game.state, before) == [] && game.averages.steps == average)
        #expect(!game.pair.generator.isTraining && !game.pair.critic.isTraining)
    }

    @Test func lossesAreCrossEntropies() {
        let logits = Tensor([Float(-2), 0, 3])
        func entropy(_ label: Double) -> Double {
            let terms = [-2.0, 0, 3].map { (x: Double) -> Double in max(x, 0) - x * label + log1p(exp(-abs(x))) }
            return terms.reduce(0, +) / 3
        }
        #expect(abs(AdversarialLoss.generator(fake: logits).item() - entropy(1)) < 1e-6)
        let critic = AdversarialLoss.critic(real: logits, fake: logits.to(dtype: .bfloat16))
        #expect(abs(critic.item() - (entropy(1) + entropy(0)) / 2) < 1e-6 && critic.dtype == .float32)
    }

    @Test func anOptimizerStateThatDoesNotFitIsRefusedWhole() throws {
        let game = TinyGame(.every)
        try game.learner.fit(gameBatches(), plan: steps(2))
        let before = copies(game.learner.optimizer.state())
        var other = before.mapValues { $0 + 1 }
        other["critic/first.bias/second"] = nil
        let error = #expect(throws: TrainingError.self) { try game.learner.optimizer.load(other) }
        #expect(error?.reason.contains("critic/first.bias/second") == true)
        #expect(differences(copies(game.learner.optimizer.state()), before) == [])
    }
}
