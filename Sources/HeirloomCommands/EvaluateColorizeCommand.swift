public import ArgumentParser
import Foundation
import HeirloomIntake
import HeirloomModels
import HeirloomRecipes

/// `heirloom evaluate colorize`: colours beside the truth.
public struct EvaluateColorizeCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "colorize",
        abstract: "Measure the colours that models give to photographs whose colours are known.",
        discussion: """
            Colours the grey version of every photograph and compares it with the photograph. Grey itself and the true \
            pictures are measured beside it: what has to be beaten and what cannot be. No single number tells how good \
            colours are: a timid model has a small chroma error and pale pictures, a bold one the reverse.

              colourfulness     0 grey, 33 moderate, 82 high; the difference to the truth shows timid and garish models
              chroma error      mean distance of the colours in CIELAB
              perceptual        how differently a classifier sees both (EfficientNet-Lite1, not used in training)
              recognised        part that this classifier takes for what it takes the true picture for
              PSNR, SSIM        misleading for colour; here because people ask

            Photographs with a label, the number of their ImageNet class (0...999), also show how often that class is \
            recognised: in a column 'label' of a manifest.csv, or in the name of their folder (class-207).

            EXAMPLES:
              heirloom evaluate colorize photos/
              heirloom evaluate colorize photos/ --model heirloom-color --model mine.safetensors
              heirloom evaluate colorize held-out.pack --model mine.safetensors --limit 50 --json
            """)

    @Argument(
        help: ArgumentHelp(
            "Folders and files of colour photographs that took no part in training, or one packed store.",
            valueName: "photos"))
    var photos: [String]

    @Option(
        help: ArgumentHelp(
            "A model's name (heirloom models) or a weights file; repeat to compare several.", valueName: "model"))
    var model: [String] = []

    @Option(help: ArgumentHelp("Short side in pixels at which photographs are coloured.", valueName: "pixels"))
    var size = 256

    @Option(help: ArgumentHelp("At most so many photographs, spread evenly over all.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Also print a line for each photograph.")
    var perPicture = false

    @Flag(help: "Print JSON, for programs; every photograph's figures are in it.")
    var json = false

    @OptionGroup var progress: ProgressArguments
    @OptionGroup(title: "Device options") var device: TrainingDeviceArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        try PictureStore.check(photos)
        guard (64...1024).contains(size) else { throw ValidationError("--size \(size) is outside 64...1024.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        guard Set(model).count == model.count else { throw ValidationError("A model is named twice.") }
    }

    /// Measures and prints.
    public func run() async throws {
        let place = try device.place()
        let pretrained = try Pretrained.standard()
        let names = model.isEmpty ? ["heirloom-color"] : model
        let candidates = try names.map {
            try ColorCandidate(name: $0, network: try pretrained.restorationNetwork($0), device: place.device)
        }
        let interruption = InterruptionFlag("stopping")
        let store = try await PictureStore.of(
            photos, options: IntakeOptions(shortSide: size, smallestSide: min(size, 64)),
            progress: progress.progress, interruption: interruption)
        // Only now, so that nothing is downloaded for pictures or models that cannot be used.
        try pretrained.fetch(try pretrained.model(named: "efficientnet-lite1")) { StandardError.write($0 + "\n") }
        let judge = PictureJudge(try pretrained.efficientNetLite(1), device: place.device)
        let comparison = try await Counted.showing("colouring", progress.progress, interruption: interruption) {
            try ColorContest(candidates, judge: judge, device: place.device)
                .run(onStoreAt: store.path, limit: limit, progress: $0)
        }
        guard json else {
            let lines = (perPicture ? comparison.pictureTable + [""] : []) + comparison.table
            return print(lines.joined(separator: "\n"))
        }
        print(try JSONText.of(comparison))
    }
}
