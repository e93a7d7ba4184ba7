public import ArgumentParser

/// The `heirloom` command: one subcommand per job.
public struct HeirloomCommand: AsyncParsableCommand {
    /// Name, text and subcommands, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "heirloom",
        abstract: "Restore old films, photographs and recordings on your own computer.",
        discussion: """
            Colour a film or a folder of photographs, make them larger, make one clean recording from several cheap \
            microphones, look at what a file contains, train a model on your own pictures. Nothing leaves this machine.

            EXAMPLES:
              heirloom colorize film.mp4 -o film-colour.mp4
              heirloom colorize shoebox/ -o shoebox-colour/
              heirloom upscale photo.jpg -o photo-large.png
              heirloom plan film.mkv
              heirloom restore film.mkv -o film-restored.mkv
              heirloom resume film-colour.mp4
              heirloom clean phone.m4a recorder.wav laptop.flac -o interview.wav
              heirloom info film.mp4
              heirloom doctor

            EXIT CODES:
              0 done, 1 failed, 2 or 64 wrong usage, 130 interrupted or disk full, what is done is kept
            """,
        version: HeirloomVersion.current,
        subcommands: [
            RestoreCommand.self, ColorizeCommand.self, UpscaleCommand.self, CleanCommand.self, PlanCommand.self,
            ResumeCommand.self, JoinCommand.self, SlurmCommand.self, InfoCommand.self, ModelsCommand.self,
            DoctorCommand.self,
            DataCommand.self, TrainCommand.self, FindRateCommand.self, EvaluateCommand.self, InspectCommand.self,
            BenchCommand.self, FuzzCommand.self,
        ])

    /// Creates the command.
    public init() {}

    /// Parses the command line, runs the command and ends the process with its exit code.
    public static func run() async -> Never {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(withError: nil)
        } catch {
            Failure.exit(with: error)
        }
    }
}

/// The version that `heirloom --version` prints.
public enum HeirloomVersion {
    /// Major, minor and patch number.
    public static let current = "0.1.0"
}
