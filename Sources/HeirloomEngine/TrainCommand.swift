import ArgumentParser
import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors

/// Trains the colour network on a packed store.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train the colour network on a packed store of photographs.",
        discussion: """
            The run saves a checkpoint beside its output every minute; --resume goes on from it, after Ctrl-C, a kill \
            or a power cut, to the same weights as an unbroken run (with --epochs or --steps; with --minutes the \
            schedule follows the clock).

            Examples:
              heirloom-engine train photos.pack --out colour.safetensors --encoder lite0.pth --epochs 20
              heirloom-engine train photos.pack --out colour.safetensors --encoder lite0.pth --minutes 70 --threads 1
            """)

    @Argument(help: "The packed store.")
    var store: String

    @Option(name: .customLong("out"), help: "Where the model goes.")
    var output: String

    @Option(help: "EfficientNet-Lite0 with ImageNet weights: the encoder's start and the feature loss.")
    var encoder: String

    @Option(help: "EfficientNet-Lite1 with ImageNet weights, for recognition figures.")
    var classifier: String?

    @Option(help: ArgumentHelp("Passes over the pictures in all.", valueName: "count"))
    var epochs: Double?

    @Option(help: ArgumentHelp("Time in all; the schedule follows the clock.", valueName: "minutes"))
    var minutes: Double?

    @Option(help: ArgumentHelp("Optimizer steps in all.", valueName: "count"))
    var steps: Int?

    @Option(help: "A recipe as JSON, with the keys that a model's training record shows; the built-in one by default.")
    var recipe: String?

    @Option(help: ArgumentHelp("Part of the pictures set aside to judge by.", valueName: "part"))
    var validation = 0.02

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Option(help: "Arithmetic of the forward pass.")
    var precision = Precision.float32

    @Flag(help: "Go on from the checkpoint beside the output.")
    var resume = false

    @Flag(help: "Replace an existing output.")
    var overwrite = false

    @Option(help: ArgumentHelp("Write a snapshot model beside the output so often.", valueName: "minutes"))
    var snapshots: Double?

    @Option(help: ArgumentHelp("Time between checkpoints.", valueName: "seconds"))
    var checkpoints = 60.0

    @Option(help: "The licence that the weights carry.")
    var licence = "for research and evaluation"

    @Option(help: "How progress is shown; bar on a terminal, else plain.")
    var progress: ProgressStyle?

    @OptionGroup var device: DeviceArguments

    func validate() throws {
        guard [epochs != nil, minutes != nil, steps != nil].filter({ $0 }).count == 1 else {
            throw ValidationError("Give the length of the run: one of --epochs, --minutes and --steps.")
        }
        guard (epochs ?? 1) > 0, (minutes ?? 1) > 0, (steps ?? 1) > 0 else {
            throw ValidationError("The length of the run must be more than 0.")
        }
        guard (0..<1).contains(validation) else {
            throw ValidationError("--validation must be at least 0 and below 1.")
        }
    }

    func run() throws {
        let selected = try device.selected()
        try checkOutput()
        let data = try PackedStore(contentsOf: store).split(validation: validation, seed: 1)
        let length: ColorTraining.Length =
            if let epochs { .epochs(epochs) } else if let minutes { .minutes(minutes) } else { .steps(steps ?? 0) }
        let options = ColorTraining.Options(
            recipe: try chosenRecipe(), length: length, output: output, device: selected, precision: precision.mixed,
            seed: seed, checkpointSeconds: checkpoints, snapshotSeconds: snapshots.map { $0 * 60 }, licence: licence)
        let training = ColorTraining(
            options, data: data, encoder: try EfficientNetLite.published(variant: 0, contentsOf: encoder),
            classifier: try classifier.map { try EfficientNetLite.published(variant: 1, contentsOf: $0) })
        let display = TrainingDisplay(progress)
        training.report = display.show
        training.isInterrupted = { Interrupt.isRequested }
        Interrupt.install()
        guard try training.run(resume: resume) != nil else {
            let path = ColorTraining.checkpointPath(output: output)
            FileHandle.standardError.write(Data("\nstopped; \(path) goes on with --resume\n".utf8))
            throw ExitCode(130)
        }
        print(output)
    }

    private func checkOutput() throws {
        let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw ValidationError("\(folder) cannot be written; choose another place for --out.")
        }
        guard overwrite || !FileManager.default.fileExists(atPath: output) else {
            throw ValidationError("\(output) exists; give --overwrite to replace it.")
        }
    }

    private func chosenRecipe() throws -> ColorRecipe {
        guard let recipe else { return .colorize }
        do {
            return try JSONDecoder().decode(ColorRecipe.self, from: Data(contentsOf: URL(fileURLWithPath: recipe)))
        } catch {
            throw ValidationError("\(recipe) is not a recipe: \(error)")
        }
    }
}
