import ArgumentParser
import Foundation
import HeirloomIntake
import HeirloomModels
import HeirloomRecipes

/// `heirloom train upscale`: pictures → packed store → upscaler.
struct TrainUpscaleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upscale",
        abstract: "Train an upscaler on photographs.",
        discussion: """
            Packs the photographs into one file beside the model, leaves out what is broken, small or there twice, and \
            trains a small network to make pieces of them large again that were made small as photographs are: shrunk, a \
            little blurred, noisy and compressed. It begins with a published network, or with a model of yours; when the \
            new one is not better on photographs that were set aside, it says so and keeps the old one. A checkpoint is \
            written every minute; the same command with --resume goes on after Ctrl-C, a kill or a power cut.

            EXAMPLES:
              heirloom train upscale photos/ --minutes 60
              heirloom train upscale photos/ --out my-x2.safetensors --scale 2 --minutes 40
              heirloom train upscale scans/ --from photos-x4.safetensors --minutes 20
              heirloom train upscale web/ --degradation real-esrgan --polish
              heirloom upscale photo.jpg -o large.png --model photos-x4.safetensors
            """)

    @OptionGroup var training: TrainingArguments

    @Option(
        help: ArgumentHelp(
            "The network to begin with: a name (heirloom models), a file, or none for random weights.",
            valueName: "model"))
    var from = UpscaleStart.standard

    @Option(help: ArgumentHelp("How many times larger pictures become: 2 or 4.", valueName: "factor"))
    var scale = 4

    @Option(
        help: ArgumentHelp(
            "How the small pictures are made: photo, real-esrgan (for pictures that suffered much) or bicubic.",
            valueName: "kind"))
    var degradation = UpscaleDegradation.Kind.photo.rawValue

    @Flag(help: "End with a short game against a critic, which gives more texture.")
    var polish = false

    @OptionGroup var progress: ProgressArguments
    @OptionGroup(title: "Device options") var device: TrainingDeviceArguments

    func validate() throws {
        guard scale == 2 || scale == 4 else { throw ValidationError("--scale is 2 or 4, not \(scale).") }
        guard UpscaleDegradation.Kind(rawValue: degradation) != nil else {
            let names = UpscaleDegradation.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--degradation is one of \(names), not \(degradation).")
        }
        try training.course.check(target)
    }

    private var target: String { training.target("-x\(scale)") }
    private var kind: UpscaleDegradation.Kind { UpscaleDegradation.Kind(rawValue: degradation) ?? .photo }

    func run() async throws {
        let place = try device.place()
        let interruption = InterruptionFlag("stopping after this step; --resume goes on")
        let pretrained = try Pretrained.standard()
        let features = try fetch(pretrained)
        // A start that cannot be used is told before the packing.
        let start =
            from == "none"
            ? UpscaleStart(random: UpscaleRecipe(scale: scale), seed: training.seed)
            : try UpscaleStart(from, recipe: UpscaleRecipe(scale: scale), pretrained: pretrained)
        let split = try await training.parts(
            of: target, IntakeOptions(shortSide: 320, leavesOutGrey: false), progress: progress.progress,
            interruption: interruption
        ) { try ColorTask.split(store: $0, of: $1, validation: training.validation, seed: training.seed) }
        let isFast = place.isFast
        var recipe = UpscaleRecipe.standard(
            scale: scale, degradation: UpscaleDegradation(kind), photographs: split, isFast: isFast)
        if polish { recipe.phases += UpscaleRecipe.polish(scale: scale) }
        let task = try UpscaleTask(
            recipe, start: start.network, data: split, features: features, device: place.device,
            precision: place.precision, seed: training.seed)
        let options = TrainingOptions(
            length: training.length, output: target, device: place.device, precision: place.precision,
            seed: training.seed, previewSeconds: isFast ? 60 : 300, keepsLog: true, comparesWithStart: from != "none",
            startingWeights: start.origin)
        let display = TrainingDisplay(progress.progress)
        if let warning = ColorTask.warning(split) { display.show(.note(warning)) }
        try training.course.run(
            task, options, display: display, interruption: interruption,
            example: "heirloom upscale photo.jpg -o large.png")
    }

    /// Fetches what is missing of published weights, and gives the network of the feature loss.
    private func fetch(_ pretrained: Pretrained) throws -> EfficientNetLite {
        for name in ["efficientnet-lite0", from] {
            guard let model = pretrained.models.first(where: { $0.name == name }) else { continue }
            try pretrained.fetch(model) { StandardError.write($0 + "\n") }
        }
        return try pretrained.efficientNetLite(0)
    }
}
