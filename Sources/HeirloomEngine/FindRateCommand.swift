import ArgumentParser
import Foundation
import HeirloomModels
import HeirloomRecipes

/// Searches the learning rate for a packed store.
struct FindRateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find-rate", abstract: "Find the learning rate for training the colour network on a packed store.",
        discussion: """
            Trains for a hundred steps, each with a larger rate than the one before, and watches the loss. Nothing of \
            the search is kept.

            Examples:
              heirloom-engine find-rate photos.pack --plot rate.svg
              heirloom-engine find-rate photos.pack --from heirloom-color --steps 60 --device cuda --precision bfloat16
            """)

    @Argument(help: "The packed store.")
    var store: String

    @Option(help: ArgumentHelp("A colour model to start from: a name or a file.", valueName: "model"))
    var from: String?

    @Option(help: ArgumentHelp("Write the curve as an SVG picture.", valueName: "file"))
    var plot: String?

    @Option(help: ArgumentHelp("How many rates are tried.", valueName: "count"))
    var steps = 100

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Option(help: "Arithmetic of the forward pass.")
    var precision = Precision.float32

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var device: DeviceArguments

    func validate() throws {
        guard (20...1000).contains(steps) else { throw ValidationError("--steps \(steps) is outside 20...1000.") }
        if let plot, !plot.hasSuffix(".svg") { throw ValidationError("--plot \(plot): end its name in .svg.") }
    }

    func run() throws {
        let search = try RateSearch(
            colorOn: store, from: from, steps: steps, device: try device.selected(), precision: precision.mixed,
            seed: seed, pretrained: try Pretrained.standard())
        if let plot { try search.writePlot(to: plot) }
        guard json else { return print(search.lines().joined(separator: "\n")) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        print(String(decoding: try encoder.encode(search), as: UTF8.self))
    }
}
