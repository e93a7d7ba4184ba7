public import ArgumentParser
import HeirloomRestoration

/// `heirloom join`: puts the shares of a film together.
public struct JoinCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Put the shares of a film together that several machines have done.",
        discussion: """
            Each machine does its share with the same command and --shard 1/4, --shard 2/4 and so on; the shares lie beside \
            the result that is to come (film.mp4.shard-1-of-4.heirloom). Where the machines have no folder in common, copy \
            the shares beside each other first. On processors of the same kind the film that comes out is byte for \
            byte the one that a single machine makes; otherwise last digits may differ, and it says so. Only when it is \
            whole and was read back are the shares removed.

            EXAMPLES:
              heirloom join film-colour.mp4
              heirloom join film-colour.mp4 --report film-colour.html --compare before-after.mp4
            """)

    @Argument(
        help: ArgumentHelp("The result, as it was named for the shares.", valueName: "result"), completion: .file())
    var target: String

    @Option(help: ArgumentHelp("Where the film that is read is now, if it was moved.", valueName: "film"))
    var input: String?

    @Flag(help: "Replace a result that exists already.")
    var overwrite = false

    @OptionGroup var extras: FilmExtraArguments
    @OptionGroup var progress: ProgressArguments

    /// Creates the command.
    public init() {}

    /// Joins, and says what came out.
    public func run() async throws {
        try extras.check(input ?? target, target, overwrite: overwrite)
        let job = JoinJob(target, input: input, overwrite: overwrite)
        try await JobRun.showing(progress) { monitor in
            let report = try await job.run(monitor: monitor)
            OutcomeText.show(.film(report))
            try await FilmExtras(arguments: extras, overwrite: overwrite).write(report, monitor)
        }
    }
}
