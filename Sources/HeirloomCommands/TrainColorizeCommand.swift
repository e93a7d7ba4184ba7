import ArgumentParser
import HeirloomIntake
import HeirloomModels
import HeirloomRecipes

/// `heirloom train colorize`: pictures → packed store → colour network.
struct TrainColorizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "colorize",
        abstract: "Train the colour network on colour photographs.",
        discussion: """
            Packs the photographs (small, sRGB) into one file beside the model, leaves out what is broken, grey or there \
            twice, and trains: encoder held first, then everything, pictures of growing size, then a short game against a \
            critic that makes the colours bolder and ends by itself. How long it may take is the only thing to say; rates, \
            batches and sizes follow.

            With --from the training goes on from a colour model and learns the pictures of your folder. At the end both \
            are compared on photographs that were set aside; if the new one is not better, the old one is what is saved, \
            and you are told.

            A checkpoint is written every minute; the same command with --resume goes on after Ctrl-C, a kill or a power \
            cut. Beside the model stand a log (.log.jsonl), a plot (.plot.svg) and a preview sheet (.preview.png: grey, \
            coloured, true).

            EXAMPLES:
              heirloom train colorize photos/ --minutes 60
              heirloom train colorize family/ --from heirloom-color --minutes 40 --out family.safetensors
              heirloom train colorize photos.pack --out my-colours.safetensors --epochs 20 --device cuda
              heirloom train colorize photos/ --minutes 60 --resume
            """)

    @OptionGroup var training: TrainingArguments

    @Option(help: ArgumentHelp("A colour model to go on from: a name (heirloom models) or a file.", valueName: "model"))
    var from: String?

    @OptionGroup(title: "For those who know") var recipe: ColorRecipeArguments
    @OptionGroup var progress: ProgressArguments
    @OptionGroup(title: "Device options") var device: TrainingDeviceArguments

    func validate() throws { try training.course.check(target) }

    private var target: String { training.target("-colour") }

    func run() async throws {
        let place = try device.place()
        let interruption = InterruptionFlag("stopping after this step; --resume goes on")
        let pretrained = try Pretrained.standard()
        for name in ColorTask.neededModels {
            try pretrained.fetch(try pretrained.model(named: name)) { StandardError.write($0 + "\n") }
        }
        // A start that cannot be used is told before an hour of packing.
        let features = try pretrained.efficientNetLite(0)
        let start =
            try from.map { try ColorStart(model: try pretrained.modelPath($0, task: "colorize")) }
            ?? ColorStart(encoder: features, seed: training.seed)
        let split = try await training.parts(
            of: target, IntakeOptions(), progress: progress.progress, interruption: interruption
        ) { try ColorTask.split(store: $0, of: $1, validation: training.validation, seed: training.seed) }
        let display = TrainingDisplay(progress.progress)
        if let warning = ColorTask.warning(split) { display.show(.note(warning)) }
        let isFast = place.isFast
        let options = TrainingOptions(
            length: training.length, output: target, device: place.device, precision: place.precision,
            seed: training.seed, previewSeconds: isFast ? 60 : 300, keepsLog: true,
            findsRate: recipe.findsRate(minutes: training.wholeMinutes, isFast: isFast, start),
            comparesWithStart: start.isTrained, startingWeights: start.text, licence: start.licence)
        let task = ColorTask(
            recipe: try recipe.chosen(
                standard: ColorTask.recipe(for: start, split: split, largestSize: isFast ? 192 : 128)),
            split: split, network: start.network,
            features: features, classifier: try pretrained.efficientNetLite(1), device: place.device,
            precision: place.precision, seed: training.seed)
        try training.course.run(
            task, options, display: display, interruption: interruption,
            example: "heirloom colorize photo.jpg -o colour.jpg")
    }
}
