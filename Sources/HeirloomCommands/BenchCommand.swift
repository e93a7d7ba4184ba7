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
            size and batch in the same process, on one thread and on all. Results are a rate for each and their ratios. \
            With --upscale the film is made twice as large instead. With --clean four made-up recordings of 48 kHz are \
            cleaned together, with and without taking the echo away; results are seconds of sound in one of work.

            EXAMPLES:
              heirloom bench
              heirloom bench film.mp4 --json
              heirloom bench --upscale --frames 24
              heirloom bench --clean
            """)

    @Argument(help: ArgumentHelp("A film; a moving test picture when none is given.", valueName: "film"))
    var film: String?

    @Flag(help: "Measure enlarging instead of colouring.")
    var upscale = false

    @Flag(help: "Measure the cleaning of sound.")
    var clean = false

    @Option(help: "Frames of the made film; 96 for colouring and 24 for enlarging when nothing is said.")
    var frames: Int?

    @Option(help: ArgumentHelp("Short side of what the network sees, in pixels.", valueName: "pixels"))
    var renderSize: Int?

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @OptionGroup(title: "Film options") var filmOptions: FilmArguments
    @OptionGroup(title: "Device options") var device: DeviceArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        if let frames, frames < 1 { throw ValidationError("--frames \(frames): give at least 1.") }
        if clean && (upscale || film != nil || frames != nil || renderSize != nil) {
            throw ValidationError("--clean makes its own recordings: leave the film and its options out.")
        }
        if upscale && renderSize != nil { throw ValidationError("--render-size is for colouring, not for --upscale.") }
    }

    /// Measures and prints.
    public func run() async throws {
        if clean { return try await measureCleaning() }
        let result = try await upscale ? measureUpscaling() : measureColouring()
        if json {
            print(try JSONText.of(result))
        } else {
            print(result.summary)
        }
    }

    private func measureCleaning() async throws {
        var settings = CleanSettings()
        settings.device = try device.choice()
        settings.threads = device.threads
        let result = try await SoundBenchmark.run(settings: settings)
        print(json ? try JSONText.of(result) : result.summary)
    }

    private func measureColouring() async throws -> FilmBenchmarkResult {
        var color = ColorSettings()
        color.device = try device.choice()
        color.precision = device.precision
        color.threads = device.threads
        color.renderSize = renderSize
        return try await FilmBenchmark.run(
            input: film, frames: frames ?? 96, color: color, film: try filmOptions.settings(overwrite: false))
    }

    private func measureUpscaling() async throws -> FilmBenchmarkResult {
        var settings = UpscaleSettings()
        settings.device = try device.choice()
        settings.precision = device.precision
        settings.threads = device.threads
        return try await FilmBenchmark.runUpscale(
            input: film, frames: frames ?? 24, upscale: settings, film: try filmOptions.settings(overwrite: false))
    }
}
