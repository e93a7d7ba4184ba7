import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

extension SoundRecipe {
    /// A network and phases so small that a test can run them.
    static func tiny(_ kinds: [TrainingPhase.Kind] = [.generator]) -> SoundRecipe {
        var degradation = SoundDegradation()
        // What takes long in debug builds; the degrader has tests of its own.
        (degradation.arrayShare, degradation.gainControlShare) = (0, 0)
        (degradation.bandsShare, degradation.suppressionShare) = (0, 0)
        return SoundRecipe(
            network: .init(
                fold: 8, channels: [8, 16], strides: [[2, 2]], blocks: 1, recurrences: 1, hidden: 8, sampleRate: 16_000),
            phases: kinds.map {
                TrainingPhase(kind: $0, size: 300, batchSize: 2, share: 1, rate: 3e-3, unit: .milliseconds)
            },
            loss: .init(frames: [256, 1024]), degradation: degradation, rooms: 3, easySteps: 4, averageDecay: 0.5,
            critic: .init(frames: [128], channels: 4))
    }
}

/// Whole runs, small enough for a test: stores of sound in, a network out.
@Suite(.serialized) struct SoundTaskTests {
    private let folder: TemporaryFolder
    private let data: SoundData

    init() throws {
        folder = try TemporaryFolder()
        // Syllables of a few harmonics with pauses, and noise.
        let speech = try folder.toyStore("speech.store", clips: 10, rate: 16_000) { clip, place in
            let time = Double(place) / 16_000
            let syllable = max(0, sin(2 * .pi * 3 * time))
            let pitch = 110.0 + 15 * Double(clip)
            return 0.25 * syllable * (1...6).reduce(0) { $0 + sin(2 * .pi * pitch * Double($1) * time) / Double($1) }
        }
        let noise = try folder.toyStore("noise.store", clips: 4, rate: 16_000) { clip, place in
            var random = RandomSequence(UInt64(clip), UInt64(place))
            return random.uniform(-0.2, 0.2)
        }
        data = try SoundData(speech: speech, noise: noise, validation: 0.3)
    }

    private func run(
        _ name: String, _ recipe: SoundRecipe, steps: Int, comparesWithStart: Bool = false
    ) throws -> TrainingRun<SoundTask> {
        let start = SoundStart(random: recipe.network, seed: 1)
        let task = try SoundTask(recipe, start: start.network, data: data, scenes: 6, seconds: 1)
        let options = TrainingOptions(
            length: .steps(steps), output: folder.file(name), checkpointSeconds: 1e9,
            comparesWithStart: comparesWithStart, startingWeights: start.origin, licence: "made by the test")
        return TrainingRun(options, task: task)
    }

    @Test func aRunEndsWithANetworkThatLoads() throws {
        let record = try #require(try run("clean.safetensors", .tiny(), steps: 3).run())
        let figures = try #require(record.phases.last?.validation)
        #expect(record.task == "clean" && record.data.pictures == 7 && record.data.heldOut == 3)
        #expect(record.data.sources.map(\.name) == ["toy", "toy"])
        #expect(figures.scenes == 6 && figures.scores.allSatisfy { $0.isFinite && $0 >= 0 })
        #expect(figures.cleanSISDR > 5 && figures.rawSTOI > 0)
        #expect(record.phases[0].lossParts.keys.sorted() == ["bands", "mask", "resolution", "spectrum"])
        let file = try ModelFile(path: folder.file("clean.safetensors"))
        #expect(file.header.task == "clean" && file.header.architecture == "spectral-unet")
        let network = try file.load(SpectralUNet.self)
        let start = try SoundStart(
            folder.file("clean.safetensors"), pretrained: Pretrained(folder: Fixture.path("../../pretrained")))
        let sound = Tensor.full([1, 900], 0.1)
        withoutGradients {
            #expect(start.network.enhanced(sound, auxiliary: nil).isEqual(to: network.enhanced(sound, auxiliary: nil)))
        }
    }

    /// A few steps make a network better that changes nothing at first, and the run says so.
    @Test func trainingLowersTheLoss() throws {
        var verdict: Verdict?
        var recipe = SoundRecipe.tiny()
        recipe.phases[0].rate = 8e-3
        let training = try run("good.safetensors", recipe, steps: 25, comparesWithStart: true)
        training.report = { if case .verdict(let found) = $0 { verdict = found } }
        let record = try #require(try training.run())
        let (before, after) = (try #require(record.start), try #require(record.phases[0].validation))
        #expect(after.score < before.score - 0.02, "\(before.summary) → \(after.summary)")
        #expect(verdict != nil)
    }

    @Test func aCriticPlaysAlong() throws {
        let training = try run("game.safetensors", .tiny([.critic, .adversarial]), steps: 4)
        let sound = Tensor.full([1, 900], 0.1)
        func output() -> Tensor { withoutGradients { training.task.cleaner.enhanced(sound, auxiliary: nil) } }
        let before = output()
        let record = try #require(try training.run())
        #expect(record.phases.map(\.steps) == [2, 2])
        #expect(record.phases[1].lossParts["critic"]?.isFinite == true)
        #expect(record.phases[1].lossParts["matching"]?.isFinite == true)
        #expect(!output().isEqual(to: before))
    }

    /// Broken off and resumed by another process: the bits of an unbroken run.
    @Test func aResumedRunIsAnUnbrokenRun() throws {
        let recipe = SoundRecipe.tiny([.generator, .generator])
        _ = try run("whole.safetensors", recipe, steps: 6).run()
        let broken = try run("broken.safetensors", recipe, steps: 6)
        var batches = 0
        broken.isInterrupted = {
            batches += 1
            return batches == 5
        }
        #expect(try broken.run() == nil)
        _ = try run("broken.safetensors", recipe, steps: 6).run(resume: true)
        let files = try ["whole", "broken"].map { try SafetensorsFile(path: folder.file("\($0).safetensors")) }
        for name in files[0].names { expectEqual(try files[1].tensor(name), try files[0].tensor(name), name) }
    }

    @Test func storesThatDoNotFitAreRefused() throws {
        let slow = try folder.toyStore("slow.store", clips: 2, rate: 8000) { _, _ in 0.1 }
        let error = #expect(throws: DatasetError.self) {
            _ = try SoundData(speech: slow, noise: data.noise, validation: 0.1)
        }
        #expect(error?.code == .tooSmall && error?.reason.contains("16000 Hz") == true)
        let pictures = folder.file("no.store")
        try Data("HEIRPACKnothing".utf8).write(to: URL(filePath: pictures))
        #expect(throws: DatasetError.self) { _ = try SoundStore(contentsOf: pictures) }
    }

    @Test func impossibleRecipesAreRefused() throws {
        var recipe = SoundRecipe.tiny()
        recipe.phases[0].size = 20
        let error = #expect(throws: TrainingError.self) { try run("none.safetensors", recipe, steps: 1) }
        #expect(error?.reason.contains("250 ms") == true)
        recipe.phases = []
        #expect(recipe.fault != nil)
    }

    @Test func recipesSurviveJSON() throws {
        var recipe = SoundRecipe()
        recipe.phases += SoundRecipe.polish
        #expect(recipe.fault == nil)
        let data = try JSONEncoder().encode(recipe)
        #expect(try JSONDecoder().decode(SoundRecipe.self, from: data) == recipe)
    }

    @Test func theLevelIsThatOfTheLoudestHundredth() {
        let quiet = Tensor.normal([2, 16_000], standardDeviation: 0.01, using: Generator(seed: 2))
        let sound = quiet * SoundLevel.gain(of: quiet)
        let percentile = sound.abs().quantile(0.99, axis: 1)
        expectClose(percentile, .full([2], 0.25), absolute: 2e-3)
        // Silence is not raised without end.
        #expect(SoundLevel.gain(of: .zeros([1, 500])).item() <= 1000)
    }
}

extension TemporaryFolder {
    /// A store of computed clips, a second each.
    fileprivate func toyStore(
        _ name: String, clips: Int, rate: Int, value: (_ clip: Int, _ place: Int) -> Double
    ) throws -> SoundStore {
        let writer = try SoundStoreWriter(path: file(name))
        for clip in 0..<clips {
            let samples = (0..<rate).map { Int16((value(clip, $0) * 32_000).rounded()) }
            try writer.append(
                samples, sampleRate: rate, name: "clip-\(clip)", family: "family-\(clip % 2)",
                source: .init(name: "toy", licence: "public domain"))
        }
        try writer.finish()
        return try SoundStore(contentsOf: file(name))
    }
}
