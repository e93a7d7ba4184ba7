public import ArgumentParser
import Foundation
import HeirloomIntake

/// `heirloom data`: what a collection of pictures is worth for training.
public struct DataCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "data",
        abstract: "Look at photographs before training on them.",
        discussion: """
            Reads every picture as training would and says which will be used, which not and why (broken, too small, \
            without colour, of one tone, there twice), and what may disappoint: too few, mostly one kind, mostly small, \
            pale. --sheet makes one picture of a fair sample, and below it, in red frames, of what is left out. Nothing \
            else is written. The exit code is 1 where no picture can be used.

            EXAMPLES:
              heirloom data photos/
              heirloom data photos/ more-photos/ --sheet photos.jpg
              heirloom data photos.pack --json
            """)

    @Argument(help: ArgumentHelp("Folders and files of photographs, or one packed store.", valueName: "photos"))
    var photos: [String]

    @Option(
        help: ArgumentHelp("Draw a sheet of the pictures (.jpg, .png).", valueName: "picture"), completion: .file())
    var sheet: String?

    @Option(help: ArgumentHelp("Used pictures on the sheet.", valueName: "count"))
    var sample = 48

    @Flag(help: "Name every picture that is left out, not only the first 20.")
    var all = false

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @Flag(help: "Replace a sheet that exists already.")
    var overwrite = false

    @OptionGroup var progress: ProgressArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        if photos.isEmpty { throw ValidationError("Name a folder of photographs.") }
        if photos.count > 1, let store = photos.first(where: DataExamination.isStore) {
            throw ValidationError("\(store) is a packed store; look at it alone.")
        }
        guard (1...1000).contains(sample) else { throw ValidationError("--sample \(sample) is outside 1...1000.") }
        if let sheet { try SheetTarget.check(sheet, option: "--sheet", overwrite: overwrite) }
    }

    /// Reads, prints, draws.
    public func run() async throws {
        let examination = try await examine()
        let report = examination.report
        print(json ? try DataText.json(report) : report.lines(naming: all ? .max : 20).joined(separator: "\n"))
        if let sheet, let picture = try examination.sheet() {
            try SheetTarget.write(picture, to: sheet, overwrite: overwrite)
        }
        if report.usable == 0 { throw ExitCode(1) }
    }

    private func examine() async throws -> DataExamination {
        if DataExamination.isStore(photos[0]) {
            return try DataExamination(storeAt: photos[0], sample: sheet == nil ? 0 : sample)
        }
        let interruption = InterruptionFlag("stopping")
        let meter = PackingMeter("reading")
        return try await ProgressDisplay.showing(
            progress.progress, state: { meter.state },
            {
                try await DataDoctor(photos).examine(
                    sample: sheet == nil ? 0 : sample, leftOut: sheet == nil ? 0 : 6,
                    shouldStop: { interruption.isRequested }, progress: { meter.set($0, of: $1) })
            })
    }
}
