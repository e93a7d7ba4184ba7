public import ArgumentParser
import Foundation
import HeirloomRestoration

/// `heirloom bench`: how close the film pipeline comes to the bare network.
public struct BenchCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the film pipeline beside the bare network.",
        discussion: """
            Colours a film (or a made one) with everything around the network, and runs the network alone at the same \
            size and batch in the same process, on one thread and on all. Results are a rate for each and their ratios.

            EXAMPLES:
              heirloom bench
              heirloom bench film.mp4 --json
            """)

    @Argument(help: ArgumentHelp("A film; a moving test picture when none is given.", valueName: "film"))
    var film: String?

    @Option(help: "Frames of the made film.")
    var frames = 96

    @Option(help: ArgumentHelp("Short side of what the network sees, in pixels.", valueName: "pixels"))
    var renderSize: Int?

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @OptionGroup(title: "Film options") var filmOptions: FilmArguments
    @OptionGroup(title: "Device options") var device: DeviceArguments

    /// Creates the command.
    public init() {}

    /// Measures and prints.
    public func run() async throws {
        var color = ColorSettings()
        color.device = try device.choice()
        color.precision = device.precision
        color.threads = device.threads
        color.renderSize = renderSize
        let result = try await FilmBenchmark.run(
            input: film, frames: frames, color: color, film: try filmOptions.settings(overwrite: false))
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(result), as: UTF8.self))
        } else {
            print(result.summary)
        }
    }
}
