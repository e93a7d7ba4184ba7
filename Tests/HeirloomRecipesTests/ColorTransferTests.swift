import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
@testable import HeirloomRecipes
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// Going on from a trained model: verdicts both ways, starts, recipes, and what is refused.
@Suite(.serialized) struct ColorTransferTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Trains on yellow-and-blue pictures, of which ten judge.
    /// - Parameter state: What the network begins with; random weights where nothing is given.
    private func run(
        rate: Double, steps: Int = 12, from state: [String: Tensor]? = nil
    ) throws -> (record: ColorRunRecord, base: ColorUNet) {
        let data = try folder.colourStore(18, side: 48).split(validation: 0.56, seed: 1)
        var recipe = ColorRecipe.tiny()
        recipe.phases = [.init(size: 32, batchSize: 4, share: 1, rate: rate, warmup: 0.1)]
        let (network, base) = (
            ColorUNet(.init(), using: Generator(seed: 2)), ColorUNet(.init(), using: Generator(seed: 2))
        )
        if let state { for one in [network, base] { try one.load(state) } }
        let options = TrainingOptions(
            length: .steps(steps), output: folder.file("model.safetensors"), comparesWithStart: true)
        let run = TrainingRun(options, task: ColorTask(recipe: recipe, split: data, network: network, features: nil))
        return (try #require(try run.run()), base)
    }

    @Test func whatIsBetterIsSaved() throws {
        let (record, base) = try run(rate: 3e-3)
        let verdict = try #require(record.verdict)
        #expect(verdict.isBetter && verdict.pictures == 10 && verdict.low > 0, "\(verdict)")
        #expect(record.start?.score == verdict.baseScore)
        let saved = try ModelFile(path: folder.file("model.safetensors")).load(ColorUNet.self)
        #expect(!saved.namedParameters()[0].tensor.isEqual(to: base.namedParameters()[0].tensor))
    }

    /// A rate that ruins the network: what is saved is the base, and the record says so.
    @Test func whatIsNotBetterIsNot() throws {
        _ = try run(rate: 3e-3, steps: 24)
        let trained = try ModelFile(path: folder.file("model.safetensors")).load(ColorUNet.self)
        let state = Dictionary(uniqueKeysWithValues: trained.state().map { ($0.name, $0.tensor.detached().copied()) })
        let (record, base) = try run(rate: 10, from: state)
        let verdict = try #require(record.verdict)
        #expect(!verdict.isBetter && verdict.sentence.contains("that model is what was saved"))
        let saved = try ModelFile(path: folder.file("model.safetensors")).load(ColorUNet.self)
        for (one, other) in zip(saved.state(), base.state()) {
            let stored = other.tensor.rank >= 2 ? other.tensor.to(dtype: .float16).to(dtype: .float32) : other.tensor
            #expect(one.tensor.detached().isEqual(to: stored.detached()), "\(one.name)")
        }
    }

    @Test func aStartKeepsWhatTheModelWas() throws {
        let network = ColorUNet(.init(), using: Generator(seed: 2))
        let path = folder.file("base.safetensors")
        try ModelFile.write(network, to: path, task: "colorize", licence: "CC-BY")
        let start = try ColorStart(model: path)
        #expect(start.isTrained && start.licence == "CC-BY" && start.text == "base.safetensors, color-unet")
        #expect(!ColorStart(encoder: randomEncoder(), seed: 1).isTrained)
    }

    @Test func anotherNetworkIsNoStart() throws {
        let path = folder.file("lite.safetensors")
        try ModelFile.write(randomEncoder(), to: path, task: "features", licence: "none")
        let error = #expect(throws: CheckpointError.self) { try ColorStart(model: path) }
        #expect(error?.description.contains("efficientnet-lite0") == true)
    }

    @Test func aDamagedStartIsRefused() throws {
        let path = folder.file("base.safetensors")
        try ModelFile.write(ColorUNet(.init(), using: Generator(seed: 2)), to: path, task: "colorize", licence: "none")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count - 1000] ^= 0x40
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: CheckpointError.self) { try ColorStart(model: path) }
        #expect(error?.description.contains("damaged") == true)
    }

    @Test func threePicturesAreTooFewAndTenAreNamed() throws {
        _ = try folder.colourStore(3)
        let error = #expect(throws: DatasetError.self) {
            try ColorTask.split(store: folder.file("photos.pack"), validation: nil)
        }
        #expect(error?.description.contains("3 colour photographs") == true)
        _ = try folder.colourStore(10)
        let split = try ColorTask.split(store: folder.file("photos.pack"), validation: nil)
        #expect(split.training.count == 8 && split.validation.count == 2)
        #expect(ColorTask.warning(split)?.contains("only 8 photographs") == true)
    }

    @Test func recipesFollowTheFolder() throws {
        let small = ColorRecipe.transfer(pictures: 20, heldOut: 5, shortSide: 70)
        #expect(small.phases.map(\.size) == [64] && small.phases.map(\.batchSize) == [5])
        let large = ColorRecipe.transfer(pictures: 5000, heldOut: 150, shortSide: 160)
        #expect(large.phases.map(\.size) == [128] && large.phases[0].stop?.pictures == 75)
        #expect(large.phases[0].rate < ColorRecipe.colorize.phases[0].rate && large.phases[0].encoderFactor < 0.2)
    }

    @Test func usersChangeRecipes() throws {
        let recipe = try ColorRecipe.colorize.changed(
            .init(rate: 6e-3, batchSize: 8, sizes: [32, 64], withoutCritic: true))
        #expect(recipe.phases.map(\.size) == [32, 64] && recipe.phases.map(\.batchSize) == [8, 8])
        #expect(abs(recipe.phases[0].rate - 6e-3) < 1e-12 && abs(recipe.phases[1].rate - 2.4e-3) < 1e-12)
        #expect(abs(recipe.phases.reduce(0) { $0 + $1.share } - 0.8) < 1e-12)
        #expect(try ColorRecipe.colorize.changed(.init()) == .colorize)
        #expect(throws: TrainingError.self) { try ColorRecipe.nogan.changed(.init(withoutCritic: true)) }
        #expect(try ColorRecipe.Changes.sizes("64,96") == [64, 96])
        for text in ["", "65", "64,", "x"] {
            #expect(throws: TrainingError.self) { try ColorRecipe.Changes.sizes(text) }
        }
    }

    @Test func recipeFilesAreRead() throws {
        #expect(try ColorRecipe(named: "nogan") == .nogan)
        let path = folder.file("recipe.json")
        try Data("{\"phases\": [{\"size\": 64, \"batchSize\": 4, \"share\": 1}]}".utf8)
            .write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: TrainingError.self) { try ColorRecipe(named: path) }
        #expect(error?.reason.contains("rate") == true && error?.reason.contains(path) == true)
        let missing = #expect(throws: TrainingError.self) { try ColorRecipe(named: folder.file("none.json")) }
        #expect(missing?.reason.contains("cannot be read") == true)
    }
}
