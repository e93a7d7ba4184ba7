public import ArgumentParser
import HeirloomRestoration

/// `heirloom resume`: goes on with a film that was interrupted.
public struct ResumeCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a film that was interrupted.",
        discussion: """
            Work on a film is kept piece by piece in a folder beside the result (film.mp4.heirloom) until the result is \
            whole. After Ctrl-C, a full disk, a crash or a power cut it goes on from there, with the settings it was begun \
            with, and ends in the very same file. Giving the first command again does the same.

            EXAMPLES:
              heirloom resume film-colour.mp4
              heirloom resume film-colour.mp4.heirloom
              heirloom resume film-colour.mp4 --input /new/place/film.mp4 --report film-colour.html
            """)

    @Argument(
        help: ArgumentHelp("The result that is to come, or the folder that keeps the work.", valueName: "result"),
        completion: .file())
    var target: String

    @Option(help: ArgumentHelp("Where the film that is read is now, if it was moved.", valueName: "film"))
    var input: String?

    @Flag(help: "Replace a result that exists already.")
    var overwrite = false

    @Option(
        help: ArgumentHelp(
            "Work on the film on several devices side by side: 0,1 or cuda:0,cuda:1.", valueName: "list"),
        transform: FilmValues.devices)
    var devices: [DeviceChoice]?

    @OptionGroup var extras: FilmExtraArguments
    @OptionGroup var progress: ProgressArguments

    /// Creates the command.
    public init() {}

    /// Goes on, shows progress, and says what came out.
    public func run() async throws {
        var description = try ResumeJob(target, input: input).description
        if overwrite { description.film.overwrite = true }
        if let devices { description.film.devices = devices }
        if description.film.shard != nil, extras.asksForAny {
            throw ValidationError("'\(target)' is a share of a film; give --report and --compare to 'heirloom join'.")
        }
        try extras.check(description.input, description.output, overwrite: overwrite)
        let job = FilmJob(description)
        try await JobRun.showing(progress) { monitor in
            let report = try await job.run(monitor: monitor)
            OutcomeText.show(.film(report))
            try await FilmExtras(arguments: extras, overwrite: overwrite).write(report, monitor)
        }
    }
}
