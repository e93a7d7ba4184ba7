public import ArgumentParser
import HeirloomMedia
import HeirloomRestoration

/// `heirloom upscale`: films, pictures, folders of both, and bursts, made larger.
public struct UpscaleCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "upscale",
        abstract: "Make films and photographs larger and sharper.",
        discussion: """
            The network draws the fine detail; the colours and the brightness of every area stay those of the original, \
            unless --no-color-lock is given. A film keeps its length, its timestamps, its sound and its subtitles; a \
            photograph keeps its depth, its opacity, its EXIF data and its profile. A film that was interrupted goes on \
            where it was when the same command is given again.

            SIZES: --scale 2, 3, 4 or 1.5 times, up to 16; 1080p or 2160p (720p, 1440p, 4320p): as large as fits that \
            screen, lying or standing, the shape stays; 800x600: exactly that. Without --scale pictures grow as much as \
            the model does (4 times) and films twice.

            EXAMPLES:
              heirloom upscale grandmother.jpg -o grandmother-large.png
              heirloom upscale shoebox/ -o shoebox-large/ --recursive --scale 2 --strength 0.6
              heirloom upscale film.mp4 -o film-large.mp4 --scale 1080p --report film-large.html
              heirloom upscale photo.jpg -o photo.png --no-color-lock --precision float32
              heirloom upscale --burst 1.png 2.png 3.png 4.png -o sharper.png
            """)

    @Argument(help: ArgumentHelp("Films, pictures or folders; with --burst the frames.", valueName: "input"))
    var inputs: [String]

    @OptionGroup var output: OutputArguments

    @Option(help: ArgumentHelp("How large: 2, 3, 4, 1.5, 1080p, 2160p, 800x600.", valueName: "size"))
    var scale: String?

    @Option(
        help: ArgumentHelp(
            "A model's name (heirloom models) or a weights file; realesrgan-x4plus for pictures and the fast "
                + "realesr-animevideov3 for films when none is said.", valueName: "model"),
        completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("How much of the network's detail: 0 plain enlarging, 1 all of it.", valueName: "share"))
    var strength = 1.0

    @Flag(inversion: .prefixedNo, help: "Keep the colours and the brightness of every area.")
    var colorLock = true

    @Option(
        help: ArgumentHelp(
            "How much noise to take away, 0...1; only with --model \(Self.denoisingModel).", valueName: "share"))
    var denoise: Double?

    @Option(
        help: ArgumentHelp(
            "Side of what the network sees at a time: auto by free memory, or 64...4096 pixels.", valueName: "side"))
    var tile = "auto"

    @Flag(help: "Make one sharper picture of several frames of one scene; twice as large, more with --model.")
    var burst = false

    @Flag(name: .shortAndLong, help: "Go into subfolders.")
    var recursive = false

    @OptionGroup var still: StillArguments

    @OptionGroup(title: "Film options") var film: FilmArguments
    @OptionGroup(title: "Options of long jobs on films") var long: FilmJobArguments
    @OptionGroup(title: "Device options") var device: DeviceArguments

    /// The model that comes in two strengths.
    static let denoisingModel = "realesr-general-x4v3"

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        if inputs.isEmpty { throw ValidationError("Name at least one film, picture or folder.") }
        guard (0...1).contains(strength) else { throw ValidationError("--strength \(strength) is outside 0...1.") }
        if let denoise {
            guard (0...1).contains(denoise) else { throw ValidationError("--denoise \(denoise) is outside 0...1.") }
            guard model == Self.denoisingModel else {
                throw ValidationError(
                    "--denoise works only with --model \(Self.denoisingModel), which comes in two strengths.")
            }
        }
        if burst, inputs.count < 2 {
            throw ValidationError(
                "--burst needs at least two pictures of one scene; leave it out to enlarge one picture.")
        }
        if burst, recursive { throw ValidationError("--burst takes pictures, not folders: leave --recursive out.") }
        if burst, let option = long.given.first {
            throw ValidationError("\(option) is for films, and --burst makes a picture.")
        }
        _ = try settings()
        _ = try film.settings(overwrite: false)
    }

    /// Enlarges everything, shows progress, and names what could not be done.
    public func run() async throws {
        let (upscale, pictures) = (try settings(), still.settings(overwrite: output.overwrite))
        if burst { return try await runBurst(upscale, pictures) }
        func job(_ film: FilmSettings) -> UpscaleJob {
            UpscaleJob(
                inputs: inputs, output: output.output, recursive: recursive, upscale: upscale, film: film,
                still: pictures)
        }
        let settings = try film.settings(overwrite: output.overwrite, long)
        try await BatchRun(output: output, long: long).run(settings, plan: { try job($0).plan() }) {
            try await job($0).run($1, monitor: $2) { OutcomeText.show($0) }
        }
    }

    private func runBurst(_ upscale: UpscaleSettings, _ pictures: StillSettings) async throws {
        let job = BurstJob(frames: inputs, output: output.output, upscale: upscale, still: pictures)
        let report = try await JobRun.showing(output.progress) { try await job.run(monitor: $0) }
        OutcomeText.show(.still(report))
    }

    /// What the options mean.
    func settings() throws -> UpscaleSettings {
        var settings = UpscaleSettings()
        settings.model = ModelChoice(model)
        settings.target = try scale.map { try FilmValues.size($0, option: "--scale") }
        settings.strength = strength
        settings.locksColor = colorLock
        settings.denoise = denoise
        if tile != "auto" {
            guard let side = Int(tile), UpscaleSettings.tiles.contains(side) else {
                throw ValidationError("--tile \(tile) is neither auto nor in 64...4096.")
            }
            settings.tile = side
        }
        settings.device = try device.choice()
        settings.precision = device.precision
        settings.threads = device.threads
        return settings
    }
}
