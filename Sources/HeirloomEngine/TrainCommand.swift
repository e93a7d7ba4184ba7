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
            schedule follows the clock). Log, plot and preview sheet stand beside the output too.

            Examples:
              heirloom-engine train photos.pack --out colour.safetensors --epochs 20
              heirloom-engine train photos.pack --out colour.safetensors --minutes 70 --threads 1 --no-gan
              heirloom-engine train family.pack --out family.safetensors --from heirloom-color --minutes 40
              heirloom-engine train photos.pack --out vivid.safetensors --from heirloom-color --recipe nogan --minutes 60
            """)

    @OptionGroup var training: TrainingRunArguments

    @Option(help: ArgumentHelp("A colour model to go on from: a name (heirloom models) or a file.", valueName: "model"))
    var from: String?

    @Option(
        help:
            "EfficientNet-Lite0 with ImageNet weights: the encoder's start and the feature loss; else the fetched one.")
    var encoder: String?

    @Option(help: "EfficientNet-Lite1 with ImageNet weights, to judge by; else the fetched one.")
    var classifier: String?

    @Option(help: "A critic saved by --save-critic, to go on with.")
    var critic: String?

    @Option(
        help: ArgumentHelp(
            "A recipe: colorize, nogan, or a JSON file with the keys that a model's training record shows.",
            valueName: "recipe"))
    var recipe: String?

    @Option(help: ArgumentHelp("Rate of the first phase; the others keep their ratios to it.", valueName: "rate"))
    var rate: Double?

    @Option(help: ArgumentHelp("Pictures in a batch.", valueName: "count"))
    var batch: Int?

    @Option(help: ArgumentHelp("Sides of the pictures, phase by phase: 64,96,128.", valueName: "pixels"))
    var sizes: String?

    @Flag(name: .customLong("no-gan"), help: "Leave out the critic and the polish.")
    var withoutCritic = false

    @Flag(help: "Search the rate of the first phase before a new run.")
    var findRate = false

    @Flag(help: "Also save the critic, as MODEL.critic.safetensors.")
    var saveCritic = false

    @Option(help: ArgumentHelp("Part of the pictures set aside to judge by.", valueName: "part"))
    var validation = 0.02

    @Option(help: "The licence that the weights carry; else that of the model they come from.")
    var licence: String?

    @OptionGroup var device: DeviceArguments

    func validate() throws {
        guard (0..<1).contains(validation) else {
            throw ValidationError("--validation must be at least 0 and below 1.")
        }
        guard (rate ?? 1) > 0, (batch ?? 1) > 0 else {
            throw ValidationError("--rate and --batch must be more than 0.")
        }
    }

    func run() throws {
        let selected = try device.selected()
        try training.checkOutput()
        let split = try ColorTask.split(store: training.store, validation: validation)
        let (task, start) = try task(split, on: selected)
        var options = training.options(device: selected)
        (options.findsRate, options.savesCritic) = (findRate, saveCritic)
        options.comparesWithStart = start.isTrained
        options.startingWeights = start.text
        options.licence = licence ?? start.licence
        try training.run(task, options, warning: ColorTask.warning(split))
    }

    private func task(_ split: Split, on device: Device) throws -> (task: ColorTask, start: ColorStart) {
        let pretrained = Result { try Pretrained.standard() }
        func network(_ variant: Int, _ path: String?) throws -> EfficientNetLite {
            try path.map { try EfficientNetLite.published(variant: variant, contentsOf: $0) }
                ?? pretrained.get().efficientNetLite(variant)
        }
        let features = try network(0, encoder)
        let start =
            try from.map { try ColorStart(model: try Self.path($0, in: pretrained)) }
            ?? ColorStart(encoder: features, seed: training.seed)
        var chosen = try recipe.map { try ColorRecipe(named: $0) } ?? ColorTask.recipe(for: start, split: split)
        chosen = try chosen.changed(
            ColorRecipe.Changes(
                rate: rate, batchSize: batch, sizes: try sizes.map(ColorRecipe.Changes.sizes),
                withoutCritic: withoutCritic))
        let task = ColorTask(
            recipe: chosen, split: split, network: start.network, features: features,
            classifier: try network(1, classifier),
            critic: try critic.map { try ModelFile(path: $0).load(DeOldifyCritic.self) }, device: device,
            precision: training.precision.mixed, seed: training.seed)
        return (task, start)
    }

    /// A path as it is, so that no manifest is needed for it; a name from the manifest.
    private static func path(_ nameOrPath: String, in pretrained: Result<Pretrained, any Error>) throws -> String {
        FileManager.default.fileExists(atPath: nameOrPath)
            ? nameOrPath : try pretrained.get().modelPath(nameOrPath, task: "colorize")
    }
}
