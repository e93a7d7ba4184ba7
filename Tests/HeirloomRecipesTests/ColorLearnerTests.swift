import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
@testable import HeirloomRecipes
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

@Suite struct ColorLearnerTests {
    private func network() -> ColorUNet { ColorUNet(.init(), using: Generator(seed: 2)) }

    private func learner(_ network: ColorUNet, frozenPart: Double = 0, rate: Double = 3e-3) -> Learner {
        Learner(
            recipe: .tiny(), phase: .init(size: 32, batchSize: 4, share: 1, rate: rate, frozenPart: frozenPart),
            network: network, features: nil, seed: 1)
    }

    @Test func theLossFalls() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore()
        let network = network()
        let learner = learner(network)
        let source = PictureBatches(
            store: store, pictures: Array(0..<store.count), options: .init(size: 32, batchSize: 4), seed: 1)
        let recorder = Recorder(every: 4)
        learner.callbacks = [recorder]
        try learner.fit(source, plan: FitPlan(length: .steps(12), oneCycle: OneCycle(warmup: 0.1)))
        let losses = recorder.entries.map(\.loss)
        try #require(losses.count == 3)
        #expect(losses.allSatisfy { $0.isFinite })
        #expect(losses[2] < 0.8 * losses[0], "\(losses)")
        #expect(learner.skippedSteps.item() == 0)
    }

    @Test func partsHaveTheirRates() {
        let network = network()
        let learner = learner(network, rate: 1e-3)
        let rates = Dictionary(uniqueKeysWithValues: learner.optimizer.groups.map { ($0.name, $0.rate) })
        #expect(
            rates.filter { !$0.key.hasSuffix(".vectors") } == [
                "encoder-early": 1e-4, "encoder-late": 1e-4, "decoder": 1e-3,
            ])
        let trained = learner.optimizer.groups.flatMap { $0.parameters.map(\.name) }
        #expect(trained.sorted() == network.namedParameters().map(\.name).sorted())
    }

    @Test func theEncoderStandsStillFirst() throws {
        let folder = try TemporaryFolder()
        let store = try folder.colourStore(4)
        let network = network()
        let learner = learner(network, frozenPart: 0.5)
        let probe = Probe(network)
        learner.callbacks = [EncoderFreeze(network, for: 0.5), probe]
        let source = PictureBatches(store: store, pictures: [0, 1], options: .init(size: 32, batchSize: 2), seed: 1)
        try learner.fit(source, plan: FitPlan(length: .steps(4)) { _ in StepSettings() })
        #expect(probe.encoderMoved == [false, false, true, true] && probe.decoderMoved == [true, true, true, true])
        #expect(network.namedParameters().allSatisfy { $0.tensor.requiresGradient })
    }

    /// Sees in which steps the first and the last weight of a network move.
    private final class Probe: Callback {
        private let tensors: [Tensor]
        private var before: [Tensor]
        private(set) var encoderMoved: [Bool] = []
        private(set) var decoderMoved: [Bool] = []

        init(_ network: ColorUNet) {
            let parameters = network.namedParameters()
            let names = ["encoder.stem", "head"]
            tensors = names.compactMap { name in parameters.first { $0.name.hasPrefix(name) }?.tensor }
            precondition(tensors.count == 2, "the network has other names")
            before = tensors.map { $0.detached().copied() }
        }

        func afterBatch(_ learner: Learner, step: Step) throws {
            let moved = zip(tensors, before).map { !$0.detached().isEqual(to: $1) }
            encoderMoved.append(moved[0])
            decoderMoved.append(moved[1])
            before = tensors.map { $0.detached().copied() }
        }
    }

    @Test func threeLinesTrain() throws {
        let folder = try TemporaryFolder()
        let data = try folder.colourStore(4).split(validation: 0.25)
        let learner = Learner(recipe: .tiny(featureWeight: 0.05), data: data, encoder: randomEncoder())
        let recorder = Recorder(every: 1)
        learner.callbacks.append(recorder)
        try learner.fit(oneCycle: 2)
        #expect(recorder.entries.count == 2)
        #expect(recorder.entries.allSatisfy { $0.loss.isFinite && Set($0.figures.keys) == ["chroma", "feature"] })
    }

    @Test func recipesAreData() throws {
        #expect(ColorRecipe.colorize.phases.allSatisfy { $0.size % ColorUNet.sizeMultiple == 0 })
        #expect(abs(ColorRecipe.colorize.phases.map(\.share).reduce(0, +) - 1) < 1e-12)
        let lengths = (0..<5).map { plan(.steps(100)).fit(phase: $0).length }
        #expect(lengths == [.steps(24), .steps(32), .steps(24), .steps(6), .steps(14)])
        func plan(_ length: TrainingOptions.Length, pictures: Int = 1) -> TrainingPlan {
            TrainingPlan(phases: ColorRecipe.colorize.phases, length: length, pictures: pictures)
        }
        #expect(plan(.epochs(10), pictures: 3200).fit(phase: 1).length == .steps(320))
        #expect(plan(.minutes(10)).fit(phase: 0).length == .seconds(144))
    }
}
