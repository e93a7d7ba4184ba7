public import ArgumentParser
import Foundation
import HeirloomIntake
import HeirloomModels
import HeirloomRecipes

/// `heirloom find-rate`: the learning rate finder.
public struct FindRateCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "find-rate",
        abstract: "Find the learning rate for training the colour network on your photographs.",
        discussion: """
            Trains for a hundred steps, each with a larger rate than the one before, and watches the loss: it falls, \
            falls faster, then explodes. A good rate lies half of the way down. Nothing of the search is kept. Training \
            needs no rate from you; this is for those who want to see it, or to set it (heirloom train colorize --rate).

            EXAMPLES:
              heirloom find-rate photos/
              heirloom find-rate photos/ --from heirloom-color --plot rate.svg
              heirloom find-rate photos.pack --steps 60 --json
            """)

    @Argument(help: ArgumentHelp("Folders and files of colour photographs, or one packed store.", valueName: "photos"))
    var photos: [String]

    @Option(
        help: ArgumentHelp(
            "The model that the training would start from: a name (heirloom models) or a file.", valueName: "model"))
    var from: String?

    @Option(help: ArgumentHelp("Write the curve as an SVG picture.", valueName: "file"), completion: .file())
    var plot: String?

    @Option(help: ArgumentHelp("How many rates are tried.", valueName: "count"))
    var steps = 100

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @Flag(help: "Replace a plot that exists already.")
    var overwrite = false

    @OptionGroup var progress: ProgressArguments
    @OptionGroup(title: "Device options") var device: TrainingDeviceArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        try PictureStore.check(photos)
        guard (20...1000).contains(steps) else { throw ValidationError("--steps \(steps) is outside 20...1000.") }
        guard let plot else { return }
        guard plot.hasSuffix(".svg") else { throw ValidationError("--plot \(plot): end its name in .svg.") }
        guard overwrite || !FileManager.default.fileExists(atPath: plot) else {
            throw ValidationError("\(plot) exists; give --overwrite to replace it.")
        }
    }

    /// Searches, prints, draws.
    public func run() async throws {
        let place = try device.place()
        let pretrained = try Pretrained.standard()
        let interruption = InterruptionFlag("stopping")
        let store = try await PictureStore.of(
            photos, options: IntakeOptions(), progress: progress.progress, interruption: interruption)
        // Too few pictures are refused before anything is downloaded for them.
        _ = try ColorTask.split(store: store.path, of: photos.joined(separator: ", "), validation: nil, seed: seed)
        try pretrained.fetch(try pretrained.model(named: "efficientnet-lite0")) { StandardError.write($0 + "\n") }
        let search = try await Counted.showing(
            "trying rates", unit: "rates", progress.progress, interruption: interruption
        ) {
            try RateSearch(
                colorOn: store.path, from: from, steps: steps, device: place.device, precision: place.precision,
                seed: seed, pretrained: pretrained, progress: $0)
        }
        if let plot {
            try search.writePlot(to: plot)
            StandardError.write("wrote \(plot)\n")
        }
        guard json else { return print(search.lines().joined(separator: "\n")) }
        print(try JSONText.of(search))
    }
}
