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

    @OptionGroup var training: TrainingRunArguments

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

    @Option(help: "A recipe as JSON, with the keys that a model's training record shows; the built-in one by default.")
    var recipe: String?

    @Option(help: "The licence that the weights carry.")
    var licence = "for research and evaluation"

    @OptionGroup var device: DeviceArguments

    func validate() throws {
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
        try training.checkOutput()
        let split = try PackedStore(contentsOf: training.store).split(validation: validation, seed: 1)
        let recipe = try chosenRecipe(split, isFast: selected.kind != .cpu)
        let pretrained = try Pretrained.standard()
        let start =
            from == "none"
            ? UpscaleStart(random: recipe, seed: training.seed)
            : try UpscaleStart(from, recipe: recipe, pretrained: pretrained)
        let network = try features.map { try EfficientNetLite.published(variant: 0, contentsOf: $0) }
        let task = try UpscaleTask(
            recipe, start: start.network, data: split,
            features: try network ?? pretrained.efficientNetLite(0), device: selected,
            precision: training.precision.mixed, seed: training.seed)
        var options = training.options(device: selected)
        options.comparesWithStart = from != "none"
        options.startingWeights = start.origin
        options.licence = licence
        try training.run(task, options)
    }

    private func chosenRecipe(_ split: Split, isFast: Bool) throws -> UpscaleRecipe {
        var chosen = UpscaleRecipe.standard(
            scale: scale, degradation: .init(UpscaleDegradation.Kind(rawValue: degradation) ?? .photo),
            photographs: split, isFast: isFast)
        if let recipe { chosen = try RecipeFile.read(UpscaleRecipe.self, from: recipe) }
        if polish { chosen.phases += UpscaleRecipe.polish(scale: chosen.scale) }
        return chosen
    }
}
