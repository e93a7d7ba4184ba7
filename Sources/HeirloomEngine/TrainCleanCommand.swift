import ArgumentParser
import Foundation
import HeirloomDatasets
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors

/// Trains a network that cleans speech on packed stores of speech and of noise.
struct TrainCleanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-clean",
        abstract: "Train a network that cleans speech on packed stores of speech and noise.",
        discussion: """
            Clean speech is put into rooms, disturbed by the noise and recorded badly by simulated microphones; the \
            network learns to undo that. A checkpoint is saved beside the output every minute; --resume goes on from it.

            Examples:
              heirloom-engine train-clean speech.store noise.store --out clean.safetensors --minutes 90
              heirloom-engine train-clean speech.store noise.store --out better.safetensors --from clean.safetensors \
            --minutes 60
              heirloom-engine train-clean speech.store noise.store --out m.safetensors --size M --steps 100000
            """)

    @OptionGroup var training: TrainingRunArguments

    @Argument(help: "The packed store of noise.")
    var noise: String

    @Option(help: "The network's size: S, M or L.")
    var size = "S"

    @Option(
        help: ArgumentHelp("A trained network to go on with: a name (heirloom models) or a file.", valueName: "model"))
    var from: String?

    @Option(help: ArgumentHelp("Part of the clips set aside to judge by.", valueName: "part"))
    var validation = 0.05

    @Option(help: ArgumentHelp("A packed store of other speech to judge by instead.", valueName: "store"))
    var judgeSpeech: String?

    @Option(help: ArgumentHelp("A packed store of other noise to judge by instead.", valueName: "store"))
    var judgeNoise: String?

    @Flag(help: "End with a short game against a critic.")
    var polish = false

    @Option(help: ArgumentHelp("Highest rate; the recipe's when not given.", valueName: "rate"))
    var rate: Double?

    @Option(help: ArgumentHelp("Crops in a batch; the recipe's when not given.", valueName: "count"))
    var batch: Int?

    @Option(help: "A recipe as JSON, with the keys that a model's training record shows; the built-in one by default.")
    var recipe: String?

    @Option(help: "The licence that the weights carry.")
    var licence = "for research and evaluation"

    @OptionGroup var device: DeviceArguments

    func validate() throws {
        guard SpectralUNetConfiguration(size: size) != nil else {
            throw ValidationError("--size is S, M or L, not \(size).")
        }
        guard (0..<1).contains(validation) else {
            throw ValidationError("--validation must be at least 0 and below 1.")
        }
        guard (rate ?? 1) > 0, (batch ?? 1) > 0 else { throw ValidationError("--rate and --batch are above 0.") }
    }

    func run() throws {
        let selected = try device.selected()
        try training.checkOutput()
        let data = try SoundData(
            speech: SoundStore(contentsOf: training.store), noise: SoundStore(contentsOf: noise),
            validation: validation, judgingSpeech: judgeSpeech.map { try SoundStore(contentsOf: $0) },
            judgingNoise: judgeNoise.map { try SoundStore(contentsOf: $0) })
        var recipe = try chosenRecipe()
        let start =
            try from.map { try SoundStart($0, pretrained: .standard()) }
            ?? SoundStart(random: recipe.network, seed: training.seed)
        recipe.network = start.network.configuration
        let task = try SoundTask(
            recipe, start: start.network, data: data, device: selected, precision: training.precision.mixed,
            seed: training.seed)
        var options = training.options(device: selected)
        options.comparesWithStart = from != nil
        options.startingWeights = start.origin
        options.licence = licence
        try training.run(task, options)
    }

    private func chosenRecipe() throws -> SoundRecipe {
        var chosen = SoundRecipe(network: SpectralUNetConfiguration(size: size) ?? .small)
        // A network that is trained already takes scenes as difficult as they get from the first step on.
        if from != nil { chosen.easySteps = 0 }
        if let recipe { chosen = try RecipeFile.read(SoundRecipe.self, from: recipe) }
        for index in chosen.phases.indices where chosen.phases[index].kind == .generator {
            if let rate { chosen.phases[index].rate = rate }
            if let batch { chosen.phases[index].batchSize = batch }
        }
        if polish { chosen.phases += SoundRecipe.polish }
        return chosen
    }
}
