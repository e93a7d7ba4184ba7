import ArgumentParser
import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors

/// Trains a network that enlarges photographs on a packed store.
struct TrainUpscaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-upscale",
        abstract: "Train an upscaler on a packed store of photographs.",
        discussion: """
            The run begins with a published network, whose last layer is changed for ×2, and learns from pieces of the \
            photographs that are made small in ways that photographs are. A checkpoint is saved beside the output every \
            minute; --resume goes on from it.

            Examples:
              heirloom-engine train-upscale photos.pack --out x4.safetensors --minutes 40 --threads 1
              heirloom-engine train-upscale photos.pack --out x2.safetensors --scale 2 --features lite0.pth --steps 4000
              heirloom-engine train-upscale photos.pack --out x4.safetensors --from none --degradation bicubic --epochs 20
            """)

    @Argument(help: "The packed store.")
    var store: String

    @Option(name: .customLong("out"), help: "Where the model goes.")
    var output: String

    @Option(help: ArgumentHelp("How many times larger pictures become: 2 or 4.", valueName: "factor"))
    var scale = 4

    @Option(
        help: ArgumentHelp(
            "The network to begin with: a name (heirloom models), a file, or none for random weights.",
            valueName: "model"))
    var from = UpscaleStart.standard

    @Option(
        help: ArgumentHelp(
            "EfficientNet-Lite0 with ImageNet weights for the feature loss; the fetched one when not given.",
            valueName: "file"))
    var features: String?

    @Option(help: "How the small pictures are made: photo, real-esrgan or bicubic.")
    var degradation = UpscaleDegradation.Kind.photo.rawValue

    @Flag(help: "End with a short game against a critic, which gives more texture.")
    var polish = false

    @Option(help: ArgumentHelp("Part of the pictures set aside to judge by.", valueName: "part"))
    var validation = 0.01

    @Option(help: ArgumentHelp("Passes over the pictures in all.", valueName: "count"))
    var epochs: Double?

    @Option(help: ArgumentHelp("Time in all; the schedule follows the clock.", valueName: "minutes"))
    var minutes: Double?

    @Option(help: ArgumentHelp("Optimizer steps in all.", valueName: "count"))
    var steps: Int?

    @Option(help: "A recipe as JSON, with the keys that a model's training record shows; the built-in one by default.")
    var recipe: String?

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
        guard scale == 2 || scale == 4 else { throw ValidationError("--scale is 2 or 4, not \(scale).") }
        guard UpscaleDegradation.Kind(rawValue: degradation) != nil else {
            throw ValidationError("--degradation is photo, real-esrgan or bicubic, not \(degradation).")
        }
        guard (0..<1).contains(validation) else {
            throw ValidationError("--validation must be at least 0 and below 1.")
        }
    }

    func run() throws {
        let selected = try device.selected()
        try checkOutput()
        let split = try PackedStore(contentsOf: store).split(validation: validation, seed: 1)
        let recipe = try chosenRecipe(split, isFast: selected.kind != .cpu)
        let pretrained = try Pretrained.standard()
        let start =
            from == "none"
            ? UpscaleStart(random: recipe, seed: seed) : try UpscaleStart(from, recipe: recipe, pretrained: pretrained)
        let network = try features.map { try EfficientNetLite.published(variant: 0, contentsOf: $0) }
        let task = try UpscaleTask(
            recipe, start: start.network, data: split,
            features: try network ?? pretrained.efficientNetLite(0), device: selected, precision: precision.mixed,
            seed: seed)
        let length: TrainingOptions.Length =
            if let epochs { .epochs(epochs) } else if let minutes { .minutes(minutes) } else { .steps(steps ?? 0) }
        let options = TrainingOptions(
            length: length, output: output, device: selected, precision: precision.mixed, seed: seed,
            checkpointSeconds: checkpoints, snapshotSeconds: snapshots.map { $0 * 60 }, previewSeconds: 600,
            keepsLog: true, comparesWithStart: from != "none", startingWeights: start.origin, licence: licence)
        let training = TrainingRun(options, task: task)
        let display = TrainingDisplay(progress)
        training.report = display.show
        training.isInterrupted = { Interrupt.isRequested }
        Interrupt.install()
        guard try training.run(resume: resume) != nil else {
            FileHandle.standardError.write(Data("\nstopped; \(options.checkpointPath) goes on with --resume\n".utf8))
            throw ExitCode(130)
        }
        print(output)
    }

    private func chosenRecipe(_ split: Split, isFast: Bool) throws -> UpscaleRecipe {
        var chosen = UpscaleRecipe.standard(
            scale: scale, degradation: .init(UpscaleDegradation.Kind(rawValue: degradation) ?? .photo),
            photographs: split, isFast: isFast)
        if let recipe {
            do {
                chosen = try JSONDecoder().decode(
                    UpscaleRecipe.self, from: Data(contentsOf: URL(fileURLWithPath: recipe)))
            } catch {
                throw ValidationError("\(recipe) is not a recipe: \(error)")
            }
        }
        if polish { chosen.phases += UpscaleRecipe.polish(scale: chosen.scale) }
        return chosen
    }

    private func checkOutput() throws {
        let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw ValidationError("\(folder) cannot be written; choose another place for --out.")
        }
        guard overwrite || resume || !FileManager.default.fileExists(atPath: output) else {
            throw ValidationError("\(output) exists; give --overwrite to replace it.")
        }
    }
}
