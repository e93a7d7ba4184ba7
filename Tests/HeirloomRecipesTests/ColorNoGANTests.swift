import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
@testable import HeirloomRecipes
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// Pre-training, critic and polish on a handful of small pictures.
@Suite(.serialized) struct ColorNoGANTests {
    private let folder: TemporaryFolder
    private let data: Split

    init() throws {
        folder = try TemporaryFolder()
        data = try folder.colourStore(8, side: 64).split(validation: 0.25, seed: 1)
    }

    /// A network with as small a decoder as there can be.
    private func network() -> ColorUNet {
        let widths = [16, 16, 16, 16]
        return ColorUNet(.init(upsampled: widths, mixed: widths, attention: false), using: Generator(seed: 3))
    }

    /// Two steps of pre-training, three of the critic, six of both.
    private func run(_ name: String) -> TrainingRun<ColorTask> {
        var recipe = ColorRecipe.tiny()
        recipe.phases = [
            .init(size: 64, batchSize: 2, share: 2, rate: 1e-3),
            .init(kind: .critic, size: 64, batchSize: 2, share: 3, rate: 1e-3),
            .init(
                kind: .adversarial, size: 64, batchSize: 2, share: 6, rate: 1e-3, criticThreshold: 10,
                averageDecay: 0.5, stop: StopRule(interval: 3, patience: 9, pictures: 2)),
        ]
        recipe.criticFeatures = 4
        let options = TrainingOptions(
            length: .steps(11), output: folder.file(name), checkpointSeconds: 1e9, savesCritic: true,
            licence: "made by the test")
        return TrainingRun(options, task: ColorTask(recipe: recipe, split: data, network: network(), features: nil))
    }

    @Test func aPolishedModelIsTheBestThatWasSeen() throws {
        let run = run("model.safetensors")
        var checks: [StopCheck] = []
        var parts: [Set<String>] = []
        run.report = { event in
            if case .checked(let check) = event { checks.append(check) }
            if case .progress(let progress) = event { parts.append(Set(progress.lossParts.keys)) }
        }
        let record = try #require(try run.run())
        #expect(record.phases.map(\.kind) == [.generator, .critic, .adversarial])
        #expect(record.phases.map(\.steps) == [2, 3, 6] && checks.map(\.step) == [0, 3, 6])
        #expect(parts.count == 3 && parts[1] == ["critic", "accuracy"])
        #expect(parts[2] == ["critic", "accuracy", "generator", "chroma", "fooled"])
        // The critic's phase leaves the network as it is; the polish starts from there, and cannot end worse.
        #expect(record.phases[1].validation == record.phases[0].validation)
        let best = try #require(checks.last { $0.isBest })
        #expect(record.phases[2].checks == checks)
        let score = try #require(record.phases[2].validation?.score)
        #expect(abs(score - best.score) < 1e-5 && score <= checks[0].score + 1e-9)
        #expect(
            folder.names == ["model.critic.safetensors", "model.safetensors", "photos.pack"], "files are left over")
        let critic = try ModelFile(path: folder.file("model.critic.safetensors")).load(DeOldifyCritic.self)
        #expect(critic.configuration.features == 4)
    }

    /// Broken off in any kind of phase, a run ends with the weights of an unbroken one.
    @Test func aRunBrokenInAnyPhaseIsAnUnbrokenOne() throws {
        let whole = try #require(try run("whole.safetensors").run())
        for step in [1, 4, 9] {
            let broken = run("broken.safetensors")
            var batches = 0
            broken.isInterrupted = {
                batches += 1
                return batches == step
            }
            #expect(try broken.run() == nil)
            let record = try #require(try run("broken.safetensors").run(resume: true))
            for name in ["safetensors", "critic.safetensors"] {
                let files = try ["whole", "broken"].map { try SafetensorsFile(path: folder.file("\($0).\(name)")) }
                #expect(files[0].names == files[1].names)
                for name in files[0].names {
                    #expect(try files[1].tensor(name).isEqual(to: try files[0].tensor(name)), "\(name)")
                }
            }
            #expect(record.phases.map(\.validation) == whole.phases.map(\.validation))
            #expect(record.phases.map(\.checks) == whole.phases.map(\.checks))
        }
    }

    @Test func theCriticLearnsWhileTheNetworkStands() throws {
        let network = network()
        let phase = TrainingPhase(kind: .critic, size: 64, batchSize: 2, share: 1, rate: 1e-3)
        var recipe = ColorRecipe.tiny()
        (recipe.phases, recipe.criticFeatures) = ([phase], 4)
        let task = ColorTask(recipe: recipe, split: data, network: network, features: nil)
        let before = network.state().map { $0.tensor.detached().copied() }
        let critic = try #require(task.colorCritic)
        let weights = critic.namedParameters().map { $0.tensor.detached().copied() }
        let learner = try task.learner(for: phase, seed: 1)
        try learner.fit(
            task.batches(for: phase, batchSize: 2, seed: 1), plan: FitPlan(length: .steps(3)) { _ in StepSettings() })
        #expect(zip(network.state(), before).allSatisfy { $0.tensor.detached().isEqual(to: $1) })
        #expect(zip(critic.namedParameters(), weights).allSatisfy { !$0.tensor.detached().isEqual(to: $1) })
    }

    /// In the polish the encoder's convolutions stand still, its norms and the decoder move.
    @Test func thePolishLeavesTheEncoderAlone() throws {
        let network = network()
        let phase = TrainingPhase(
            kind: .adversarial, size: 64, batchSize: 2, share: 1, rate: 1e-3, criticThreshold: 10)
        var recipe = ColorRecipe.tiny()
        (recipe.phases, recipe.criticFeatures) = ([phase], 4)
        let task = ColorTask(recipe: recipe, split: data, network: network, features: nil)
        let before = network.namedParameters().map { $0.tensor.detached().copied() }
        let learner = try task.learner(for: phase, seed: 1)
        try learner.fit(
            task.batches(for: phase, batchSize: 2, seed: 1), plan: FitPlan(length: .steps(2)) { _ in StepSettings() })
        for (entry, old) in zip(network.namedParameters(), before) {
            let isStill = entry.name.hasPrefix("encoder") && entry.tensor.rank >= 2
            #expect(entry.tensor.detached().isEqual(to: old) == isStill, "\(entry.name)")
            #expect(entry.tensor.requiresGradient)
        }
    }
}
