public import ArgumentParser
import HeirloomMedia
import HeirloomRestoration

/// `heirloom restore`: picture and sound of a film in one pass.
public struct RestoreCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a film, picture and sound in one pass.",
        discussion: """
            Colours, enlarges and cleans the sound in one go: the film is decoded once and coded once. When nothing is said, \
            it looks and listens and says what it chose and why: a grey film gets colours, one of less than 720 lines is made \
            twice as large, noisy speech is cleaned. The original sound stays as another track. A film that was interrupted \
            goes on where it was when the same command is given again.

            EXAMPLES:
              heirloom restore tape.mkv -o tape-restored.mkv
              heirloom restore film.mp4 -o new.mp4 --colorize --upscale 2 --report new.html
              heirloom restore talk.mp4 -o talk-new.mp4 --upscale 1080p --clean
              heirloom restore silent.mkv -o silent-new.mkv --colorize --silent-speed auto
            """)

    @Argument(help: ArgumentHelp("The film.", valueName: "film"), completion: .file())
    var input: String

    @OptionGroup var output: OutputArguments

    @Flag(help: "Colour it.")
    var colorize = false

    @Option(help: ArgumentHelp("Enlarge it: 2, 1.5, 1080p, 2160p, 800x600.", valueName: "size"))
    var upscale: String?

    @Flag(help: "Clean its sound.")
    var clean = false

    @Option(
        help: ArgumentHelp("The model that colours: a name (heirloom models) or a weights file.", valueName: "model"),
        completion: .file())
    var colorModel: String?

    @Option(help: ArgumentHelp("How strong the colours are: 0 grey, 1 as the model says, up to 3.", valueName: "gain"))
    var colorStrength = 1.0

    @Option(
        help: ArgumentHelp("The model that enlarges: a name (heirloom models) or a weights file.", valueName: "model"),
        completion: .file())
    var upscaleModel: String?

    @OptionGroup(title: "Film options") var film: FilmArguments
    @OptionGroup(title: "Options of long jobs on films") var long: FilmJobArguments
    @OptionGroup(title: "Device options") var device: DeviceArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        guard (0...3).contains(colorStrength) else {
            throw ValidationError("--color-strength \(colorStrength) is outside 0...3.")
        }
        if clean, !colorize, upscale == nil, long.shard != nil {
            throw ValidationError(
                "--clean alone is not divided into shares: leave --shard out, or add --colorize or --upscale.")
        }
        if upscale != nil || colorize || clean {
            if !colorize, colorModel != nil {
                throw ValidationError("--color-model is for --colorize, which is not asked for.")
            }
            if upscale == nil, upscaleModel != nil {
                throw ValidationError("--upscale-model is for --upscale, which is not asked for.")
            }
        }
        _ = try job(film.settings(overwrite: false, long))
    }

    /// Looks, says what it chose, restores.
    public func run() async throws {
        var settings = try film.settings(overwrite: output.overwrite, long)
        guard try InputKind.probe(input) == .film else { throw noFilm }
        // Names are refused before anything slow.
        let plan = try ColorizeJob(inputs: [input], output: output.output, film: settings).plan()
        guard let item = plan.items.first, item.kind == .film else { throw noFilm }
        try long.check(plan, overwrite: output.overwrite)
        try await JobRun.showing(output.progress) { monitor in
            try await long.lookForSpeed(of: item.input, for: item.output, &settings, monitor)
            let report = try await job(settings, item.output).run(monitor: monitor)
            guard let film = report.film else { return SoundText.show(report) }
            OutcomeText.show(.film(film))
            try await FilmExtras(arguments: long.extras, overwrite: output.overwrite).write(film, monitor)
        }
    }

    private var noFilm: ValidationError {
        ValidationError("restore is for films, and '\(input)' is none; colorize and upscale take pictures and folders.")
    }

    private func job(_ settings: FilmSettings, _ target: String? = nil) throws -> RestoreJob {
        var color = ColorSettings()
        color.model = ModelChoice(colorModel)
        color.strength = colorStrength
        color.device = try device.choice()
        color.precision = device.precision
        color.threads = device.threads
        var enlarging = UpscaleSettings()
        enlarging.model = ModelChoice(upscaleModel)
        enlarging.target = try upscale.map { try FilmValues.size($0, option: "--upscale") }
        enlarging.device = color.device
        enlarging.precision = device.precision
        enlarging.threads = device.threads
        var cleaning = CleanSettings()
        cleaning.device = color.device
        cleaning.threads = device.threads
        var treatments: RestoreTreatments = []
        if colorize { treatments.insert(.color) }
        if upscale != nil { treatments.insert(.upscale) }
        if clean { treatments.insert(.clean) }
        return RestoreJob(
            input: input, output: target ?? output.output, treatments: treatments.isEmpty ? nil : treatments,
            color: color, upscale: enlarging, clean: cleaning, film: settings)
    }
}
