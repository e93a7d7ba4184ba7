public import ArgumentParser
import HeirloomMedia
import HeirloomRestoration

/// `heirloom colorize`: films, pictures and folders of both.
public struct ColorizeCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "colorize",
        abstract: "Colour black-and-white films and photographs.",
        discussion: """
            The brightness of every picture passes untouched; the network adds the colour. A film keeps its length, its \
            timestamps, its sound and its subtitles; a photograph keeps its EXIF data and its profile. A film that was \
            interrupted goes on where it was when the same command is given again.

            EXAMPLES:
              heirloom colorize film.mp4 -o film-colour.mp4
              heirloom colorize film.mkv -o trial.mp4 --from 1:30 --limit 10
              heirloom colorize film.mkv -o colour.mp4 --report colour.html --compare before-after.mp4
              heirloom colorize silent.mkv -o colour.mkv --silent-speed 18
              heirloom colorize tape.mov -o archive.mkv --codec ffv1
              heirloom colorize grandmother.jpg -o grandmother-colour.jpg --strength 1.2
              heirloom colorize shoebox/ -o shoebox-colour/ --recursive
              heirloom colorize film.mkv -o colour.mkv --model deoldify-video --render-factor 21
              heirloom colorize photo.jpg -o photo-colour.png --model deoldify-artistic --original
            """)

    @Argument(help: ArgumentHelp("Films, pictures or folders.", valueName: "input"))
    var inputs: [String]

    @OptionGroup var output: OutputArguments

    @Option(
        help: ArgumentHelp(
            "A model's name (heirloom models), or a .safetensors or .pth file.", valueName: "model"),
        completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("Short side of what the network sees, in pixels.", valueName: "pixels"))
    var renderSize: Int?

    @Option(
        help: ArgumentHelp(
            "What a DeOldify model sees, in steps of 16 pixels: 4...64, 35 for pictures and 21 for films when not given.",
            valueName: "factor"))
    var renderFactor: Int?

    @Flag(help: "Show a DeOldify model pictures in their true shape instead of squeezed into a square.")
    var trueAspect = false

    @Flag(
        help: ArgumentHelp(
            "Colour pictures digit for digit as DeOldify's own program does (8 bits, its own luma), without its watermark."
        ))
    var original = false

    @Option(help: ArgumentHelp("How strong the colours are: 0 grey, 1 as the model says, up to 3.", valueName: "gain"))
    var strength = 1.0

    @Flag(inversion: .prefixedNo, help: "Steady the colours of a film in time.")
    var stabilize = true

    @Flag(name: .shortAndLong, help: "Go into subfolders.")
    var recursive = false

    @OptionGroup var still: StillArguments

    @OptionGroup(title: "Film options") var film: FilmArguments
    @OptionGroup(title: "Options of long jobs on films") var long: FilmJobArguments
    @OptionGroup(title: "Device options") var device: DeviceArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        if inputs.isEmpty { throw ValidationError("Name at least one film, picture or folder.") }
        if let renderSize, !(64...1024).contains(renderSize) {
            throw ValidationError("--render-size \(renderSize) is outside 64...1024.")
        }
        guard (0...3).contains(strength) else { throw ValidationError("--strength \(strength) is outside 0...3.") }
        do { try colorSettings().validate() } catch let error as RestorationError {
            throw ValidationError(error.description)
        }
        _ = try film.settings(overwrite: false)
    }

    /// Colours everything, shows progress, and names what could not be done.
    public func run() async throws {
        let (color, pictures) = (try colorSettings(), still.settings(overwrite: output.overwrite))
        func job(_ film: FilmSettings) -> ColorizeJob {
            ColorizeJob(
                inputs: inputs, output: output.output, recursive: recursive, color: color, film: film, still: pictures)
        }
        let settings = try film.settings(overwrite: output.overwrite, long)
        try await BatchRun(output: output, long: long).run(settings, plan: { try job($0).plan() }) {
            try await job($0).run($1, monitor: $2) { OutcomeText.show($0) }
        }
    }

    private func colorSettings() throws -> ColorSettings {
        var settings = ColorSettings()
        settings.model = ModelChoice(model)
        settings.renderSize = renderSize
        settings.renderFactor = renderFactor
        settings.keepsShape = trueAspect
        settings.isOriginal = original
        settings.strength = strength
        settings.stabilize = stabilize
        settings.device = try device.choice()
        settings.precision = device.precision
        settings.threads = device.threads
        return settings
    }
}
