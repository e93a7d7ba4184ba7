import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors
import HeirloomTraining
import TestSupport
import Testing

/// Whole runs, small enough for a test: picture store in, model file out.
@Suite(.serialized) struct ColorTrainingTests {
    private let folder: TemporaryFolder
    private let data: Split

    init() throws {
        folder = try TemporaryFolder()
        data = try folder.colourStore().split(validation: 0.2, seed: 1)
    }

    private func training(
        _ name: String, steps: Int = 12, phases: Int = 2, featureWeight: Double = 0, seed: UInt64 = 1
    ) -> TrainingRun<ColorTask> {
        let recipe = ColorRecipe.tiny(phases: phases, featureWeight: featureWeight)
        let options = TrainingOptions(
            length: .steps(steps), output: folder.file(name), seed: seed, checkpointSeconds: 1e9,
            licence: "made by the test")
        let network = ColorUNet(.init(), using: Generator(seed: seed))
        network.loadEncoder(from: randomEncoder())
        return TrainingRun(
            options, task: ColorTask(recipe: recipe, split: data, network: network, features: randomEncoder()))
    }

    @Test func aRunEndsWithAModelThatLoads() throws {
        let training = training("model.safetensors", featureWeight: 0.05)
        var phases: [Int] = []
        var progress: [TrainingProgress] = []
        var judged: [ColorFigures] = []
        var saved: [String] = []
        training.report = { event in
            switch event {
            case .phase(let index, _, _): phases.append(index)
            case .progress(let entry): progress.append(entry)
            case .validated(_, let figures): if let figures = figures as? ColorFigures { judged.append(figures) }
            case .saved(let path): saved.append(path)
            case .checked, .verdict, .note: Issue.record("an event that this run has no cause for")
            }
        }
        let record = try #require(try training.run())
        try #require(progress.count == 2 && judged.count == 2 && record.phases.count == 2)
        #expect(phases == [0, 1] && saved == [folder.file("model.safetensors")])
        #expect(progress.map(\.step) == [6, 6] && progress.map(\.phase) == [1, 2])
        #expect(progress.allSatisfy { $0.loss.isFinite && $0.loss > 0 })
        #expect(progress[0].fraction < 0.5 && progress[1].fraction > 0.5 && progress[1].fraction <= 1)
        #expect(judged.allSatisfy { $0.pictures == 2 && $0.chromaError.isFinite })
        #expect(judged[0].agreement == nil && judged[0].scores.count == 2)

        #expect(record.phases.map(\.steps) == [6, 6] && record.phases.map(\.pictures) == [12, 12])
        #expect(record.phases.map(\.loss) == progress.map(\.loss) && record.phases[1].validation == judged[1])
        #expect(record.data.pictures == 10 && record.data.heldOut == 2 && record.data.store == "photos.pack")
        #expect(record.data.sources.reduce(0) { $0 + $1.pictures } == 10)

        let file = try ModelFile(path: folder.file("model.safetensors"))
        #expect(file.header.task == "colorize" && file.header.licence == "made by the test")
        let text = try #require(file.header.trainingRecord)
        #expect(try JSONDecoder().decode(ColorRunRecord.self, from: Data(text.utf8)) == record)
        let network = try file.load(ColorUNet.self)
        let chroma = withoutGradients { network.chroma(of: .full([1, 1, 33, 40], 0.5)) }
        #expect(chroma.shape == [1, 2, 33, 40] && chroma.isFinite().all().item() == 1)
        #expect(folder.names == ["model.safetensors", "photos.pack"], "a checkpoint is left over")
    }

    /// Broken off in the second phase, resumed by another process: the bits and the record of an unbroken run.
    @Test func aResumedRunIsAnUnbrokenRun() throws {
        let whole = try #require(try training("whole.safetensors").run())

        let broken = training("broken.safetensors")
        var batches = 0
        broken.isInterrupted = {
            batches += 1
            return batches == 9
        }
        #expect(try broken.run() == nil)
        #expect(folder.names.contains("broken.safetensors.checkpoint") && !folder.names.contains("broken.safetensors"))

        let other = training("broken.safetensors", seed: 2)
        let refused = #expect(throws: TrainingError.self) { try other.run(resume: true) }
        #expect(refused?.code == .unfittingState && refused?.reason.contains("broken.safetensors") == true)

        let resumed = training("broken.safetensors")
        var phases: [Int] = []
        resumed.report = { if case .phase(let index, _, _) = $0 { phases.append(index) } }
        let record = try #require(try resumed.run(resume: true))
        #expect(phases == [1])
        let files = try ["whole", "broken"].map { try SafetensorsFile(path: folder.file("\($0).safetensors")) }
        #expect(files[0].names == files[1].names)
        for name in files[0].names {
            #expect(try files[1].tensor(name).isEqual(to: try files[0].tensor(name)), "\(name)")
        }
        #expect(record.phases.map(\.steps) == whole.phases.map(\.steps))
        #expect(record.phases.map(\.validation) == whole.phases.map(\.validation))
        #expect(!folder.names.contains("broken.safetensors.checkpoint"))
    }

    @Test func withoutACheckpointAResumeStartsAnew() throws {
        let training = training("new.safetensors", steps: 1, phases: 1)
        #expect(try training.run(resume: true)?.phases.map(\.steps) == [1])
    }

    /// A network of zeros paints grey: its figures are those of the grey picture.
    @Test func figuresOfGreyAreTheGreyFigures() {
        let store = data.store
        let network = ColorUNet(.init(), using: nil)
        let classifier = EfficientNetLite(.init(classes: 7), using: Generator(seed: 4))
        let figures = ColorEvaluation(classifier: classifier).figures(of: network, on: store, pictures: [0, 1, 2])
        #expect(figures.pictures == 3 && figures.colorfulness < 1e-3 && figures.trueColorfulness > 10)
        #expect(abs(figures.chromaError - figures.greyChromaError) < 1e-4 && figures.chromaError > 5)
        #expect(abs(figures.psnr - figures.greyPSNR) < 1e-3 && figures.psnr < 30)
        #expect(figures.agreement == figures.greyAgreement && figures.accuracy == figures.greyAccuracy)
        #expect(figures.trueAccuracy != nil && (0...1).contains(figures.agreement ?? -1))
    }
}
