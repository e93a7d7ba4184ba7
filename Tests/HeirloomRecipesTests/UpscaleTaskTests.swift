import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

extension UpscaleRecipe {
    /// A network and phases so small that a test can run them.
    static func tiny(
        scale: Int = 2, phases kinds: [TrainingPhase.Kind] = [.generator], featureWeight: Double = 0
    ) -> UpscaleRecipe {
        UpscaleRecipe(
            scale: scale, network: .init(upscale: scale, convolutions: 1, features: 8),
            phases: kinds.map { TrainingPhase(kind: $0, size: 32, batchSize: 2, share: 1, rate: 3e-3) },
            loss: .init(featureWeight: featureWeight), averageDecay: 0.5, critic: .init(features: 4))
    }
}

/// Whole runs, small enough for a test: picture store in, upscaler out.
@Suite(.serialized) struct UpscaleTaskTests {
    private let folder: TemporaryFolder
    private let data: Split

    init() throws {
        folder = try TemporaryFolder()
        // Ten to train on, as many to judge by as a verdict wants.
        data = try folder.colourStore(16, side: 56).split(validation: 0.375, seed: 1)
    }

    private func run(
        _ name: String, _ recipe: UpscaleRecipe, steps: Int, comparesWithStart: Bool = false,
        features: EfficientNetLite? = nil, seed: UInt64 = 1
    ) throws -> TrainingRun<UpscaleTask> {
        let start = UpscaleStart(random: recipe, seed: seed)
        let task = try UpscaleTask(recipe, start: start.network, data: data, features: features, seed: seed)
        let options = TrainingOptions(
            length: .steps(steps), output: folder.file(name), seed: seed, checkpointSeconds: 1e9,
            comparesWithStart: comparesWithStart, startingWeights: start.origin, licence: "made by the test")
        return TrainingRun(options, task: task)
    }

    @Test func aRunEndsWithAnUpscalerThatLoads() throws {
        let training = try run("x2.safetensors", .tiny(featureWeight: 0.02), steps: 4, features: randomEncoder())
        let record = try #require(try training.run())
        let figures = try #require(record.phases.last?.validation)
        #expect(record.task == "upscale" && record.startingWeights.contains("random") && record.data.pictures == 10)
        #expect(figures.pictures == 6 && figures.scores.count == 6 && figures.featureDistance != nil)
        #expect(figures.bicubicPSNR > 20 && figures.scores.allSatisfy { $0.isFinite && $0 > 0 })
        #expect(record.phases[0].lossParts.keys.sorted() == ["feature", "pixels"])

        let path = folder.file("x2.safetensors")
        let file = try ModelFile(path: path)
        #expect(file.header.task == "upscale" && file.header.licence == "made by the test")
        let text = try #require(file.header.trainingRecord)
        let read = try JSONDecoder().decode(
            RunRecord<UpscaleRecipe, UpscaleFigures>.self, from: Data(text.utf8))
        #expect(read == record)
        // As `heirloom upscale --model FILE` finds it.
        let network = try Pretrained(folder: Fixture.path("../../pretrained")).upscaler(path)
        let enlarged = withoutGradients { network(.full([1, 3, 9, 14], 0.5)) }
        #expect(network.description.scale == 2 && enlarged.shape == [1, 3, 18, 28])
        // Vectors stay in float32.
        let stored = try SafetensorsFile(path: path)
        #expect(
            try stored.tensor("body.1.weight").dtype == .float32 && stored.tensor("body.0.weight").dtype == .float16)
    }

    /// A few steps make a random network better, and the run says so; it keeps the first one when it is not.
    @Test func trainingImprovesTheNetwork() throws {
        var verdict: Verdict?
        let good = try run("good.safetensors", .tiny(), steps: 60, comparesWithStart: true)
        good.report = { if case .verdict(let found) = $0 { verdict = found } }
        let record = try #require(try good.run())
        #expect(try #require(verdict).isBetter)
        #expect(try #require(record.phases[0].validation).score < 0.7 * (try #require(record.start)).score)

        var wild = UpscaleRecipe.tiny()
        wild.phases[0].rate = 30
        let bad = try run("bad.safetensors", wild, steps: 6, comparesWithStart: true)
        bad.report = { if case .verdict(let found) = $0 { verdict = found } }
        _ = try bad.run()
        #expect(verdict?.isBetter == false)
        let kept = try ModelFile(path: folder.file("bad.safetensors")).load(SRVGGNetCompact.self)
        let first = UpscaleStart(random: wild, seed: 1).network
        let x = Tensor.full([1, 3, 5, 5], 0.3)
        expectClose(withoutGradients { kept(x) }, withoutGradients { first(x) }, absolute: 2e-3)
    }

    @Test func aCriticPlaysAlong() throws {
        let training = try run("game.safetensors", .tiny(phases: [.critic, .adversarial]), steps: 6)
        var kinds: [TrainingPhase.Kind] = []
        training.report = { if case .phase(_, _, let phase) = $0 { kinds.append(phase.kind) } }
        let first = Tensor.full([1, 3, 6, 6], 0.4)
        let before = withoutGradients { training.task.upscaler(first) }
        let record = try #require(try training.run())
        #expect(kinds == [.critic, .adversarial] && record.phases.map(\.steps) == [3, 3])
        #expect(record.phases[1].lossParts["critic"]?.isFinite == true)
        #expect(!withoutGradients { training.task.upscaler(first) }.isEqual(to: before))
    }

    /// Broken off and resumed by another process: the bits of an unbroken run.
    @Test func aResumedRunIsAnUnbrokenRun() throws {
        let recipe = UpscaleRecipe.tiny(phases: [.generator, .generator])
        _ = try run("whole.safetensors", recipe, steps: 8).run()
        let broken = try run("broken.safetensors", recipe, steps: 8)
        var batches = 0
        broken.isInterrupted = {
            batches += 1
            return batches == 6
        }
        #expect(try broken.run() == nil)
        _ = try run("broken.safetensors", recipe, steps: 8).run(resume: true)
        let files = try ["whole", "broken"].map { try SafetensorsFile(path: folder.file("\($0).safetensors")) }
        for name in files[0].names { expectEqual(try files[1].tensor(name), try files[0].tensor(name), name) }
    }

    @Test func picturesThatAreTooSmallAreRefused() throws {
        var recipe = UpscaleRecipe.tiny()
        recipe.phases[0].size = 64
        let error = #expect(throws: DatasetError.self) { try run("none.safetensors", recipe, steps: 1) }
        #expect(error?.code == .tooSmall && error?.reason.contains("64") == true)
        recipe.phases[0].size = 33
        let odd = #expect(throws: TrainingError.self) { try run("none.safetensors", recipe, steps: 1) }
        #expect(odd?.reason.contains("multiple of 2") == true)
    }

    @Test func recipesSurviveJSON() throws {
        for scale in [2, 4] {
            var recipe = UpscaleRecipe(scale: scale)
            recipe.phases += UpscaleRecipe.polish(scale: scale)
            #expect(recipe.fault == nil)
            let data = try JSONEncoder().encode(recipe)
            #expect(try JSONDecoder().decode(UpscaleRecipe.self, from: data) == recipe)
            let strong = UpscaleRecipe(scale: scale, degradation: .init(.realESRGAN))
            #expect(strong.fault == nil, "\(strong.fault ?? "")")
        }
    }
}
