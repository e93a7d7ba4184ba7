import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// DeOldify's training on networks a hundredth as wide: what moves, what stays, who trains.
@Suite struct DeOldifyTrainingTests {
    /// The same colour pictures in every batch.
    private final class Pictures: BatchSource {
        let batchesPerEpoch = 3
        func batch(epoch: Int, position: Int) throws -> Batch {
            let pixels = Tensor.integers([2, 3, 70, 80], to: 256, dtype: .uint8, using: Generator(seed: 5))
            return Batch(input: pixels, target: Tensor([1, 0] as [Float]))
        }
    }

    private static func generator() -> DeOldifyGenerator {
        DeOldifyGenerator(
            .init(
                width: 4, depths: [1, 1, 1, 1], bottleneck: false, convolutions: 2, upsampled: [8, 8, 8, 8],
                mixed: [16, 16, 8, 8]), using: Generator(seed: 1))
    }
    private static func loss() -> FeatureLoss {
        FeatureLoss(VGG16BN(.init(channels: [4, 4, 6, 6, 6]), using: Generator(seed: 2)), takesNormalized: true)
    }
    private static func values(_ module: Module) -> [String: Tensor] {
        Dictionary(uniqueKeysWithValues: module.state().map { ($0.name, $0.tensor.detached().copied()) })
    }
    private static func changed(_ module: Module, since before: [String: Tensor]) -> Set<String> {
        Set(
            module.state().compactMap { name, tensor in
                before[name].map { $0.isEqual(to: tensor.detached()) } == true ? nil : name
            })
    }

    @Test func aFrozenEncoderKeepsItsConvolutionsAndTrainsItsNorms() throws {
        let generator = Self.generator()
        var stage = DeOldifyRecipe.artistic.stages[0]
        stage.size = 32
        let learner = Learner(deOldify: stage, recipe: .artistic, generator: generator, loss: Self.loss())
        let before = Self.values(generator)
        try learner.fit(Pictures(), plan: stage.plan(batchesPerEpoch: 3))
        let changed = Self.changed(generator, since: before)
        let encoder = before.keys.filter { $0.hasPrefix("encoder.") }
        #expect(changed.isDisjoint(with: encoder.filter { $0.hasSuffix("conv.weight") }))
        #expect(changed.isSuperset(of: encoder.filter { $0.hasSuffix("running_mean") || $0.hasSuffix("norm.weight") }))
        #expect(changed.contains { $0.hasPrefix("middle.0.conv") } && changed.contains { $0.hasPrefix("head") })
        // Of the encoder its norms alone; weights and vectors of the decoder at one rate.
        #expect(learner.optimizer.groups.map(\.rate) == [1e-4, 1e-4, 1e-3, 1e-3])
        #expect(learner.optimizer.groups.allSatisfy { $0.weightDecay == 1e-3 })

        stage.freezesEncoder = false
        _ = Learner(deOldify: stage, recipe: .artistic, generator: generator, loss: Self.loss())
        #expect(generator.namedParameters().allSatisfy { $0.tensor.requiresGradient })
    }

    @Test func theGameTrainsOneNetworkPerBatch() throws {
        final class Turns: Callback {
            var turns: [AdversarialPair.Turn?] = []
            func afterBatch(_ learner: Learner, step: Step) throws { turns.append(step.turn) }
        }
        let generator = Self.generator()
        let critic = DeOldifyCritic(.init(features: 4), using: Generator(seed: 3))
        var stage = try #require(DeOldifyRecipe.stable.stages.last)
        stage.size = 64
        var recipe = DeOldifyRecipe.stable
        // Every critic is good enough: they take turns.
        recipe.threshold = 100
        let learner = Learner(
            deOldifyGame: stage, recipe: recipe, generator: generator, critic: critic, loss: Self.loss(), seed: 4)
        let turns = Turns()
        learner.callbacks = [turns]
        let before = (Self.values(generator), Self.values(critic))
        try learner.fit(Pictures(), plan: stage.plan(batchesPerEpoch: 3))
        #expect(turns.turns == [.critic, .generator, .critic])
        #expect(learner.optimizer.groups.map(\.rate) == [2e-5, 2e-5, 2e-5, 2e-5, 1e-4])
        #expect(!Self.changed(generator, since: before.0).isEmpty && !Self.changed(critic, since: before.1).isEmpty)
        #expect(!Self.changed(generator, since: before.0).contains("encoder.stem.conv.weight"))
    }

    @Test func aCriticLearnsFromLabels() throws {
        let critic = DeOldifyCritic(.init(features: 4), using: Generator(seed: 3))
        var stage = DeOldifyRecipe.artistic.stages[5]
        stage.size = 64
        let learner = Learner(deOldifyCritic: stage, recipe: .artistic, critic: critic)
        #expect(critic.randomness === learner.generator)
        let step = try learner.step(try Pictures().batch(epoch: 0, position: 0))
        #expect(step.loss?.isFinite().item() == 1)
        #expect([0, 0.5, 1].contains(step.figures["accuracy"]?.item() ?? -1))
        let labels = Tensor([0, 1] as [Float])
        let logits = Tensor([-1, -2, 3, 3, 4, -1] as [Float], shape: [2, 3])
        #expect(abs(CriticAccuracy.of(logits, labels: labels).item() - 4 / 6.0) < 1e-6)
    }

    @Test(arguments: [DeOldifyRecipe.artistic, .stable, .video])
    func recipesAreData(recipe: DeOldifyRecipe) throws {
        let data = try JSONEncoder().encode(recipe)
        #expect(try JSONDecoder().decode(DeOldifyRecipe.self, from: data) == recipe)
        let stages = recipe.stages
        #expect(stages.last?.kind == .game && stages.last?.freezesEncoder == true && stages.last?.warmup == nil)
        // Pictures for the critic are made before it sees them.
        let pictures = try #require(stages.firstIndex { $0.kind == .pictures })
        let critic = try #require(stages.firstIndex { $0.kind == .critic })
        #expect(pictures < critic)
    }
}
