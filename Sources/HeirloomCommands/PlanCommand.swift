public import ArgumentParser
import Foundation
import HeirloomMedia
import HeirloomRestoration

/// `heirloom plan`: how a film will look, how long it will take, and what is odd about it, before the long job.
public struct PlanCommand: AsyncParsableCommand {
    /// Name and text, for the argument parser.
    public static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Try a few telling frames of a film, and say what the whole of it will take.",
        discussion: """
            Looks over the film, picks its darkest, brightest, busiest and median frames and one with the largest, \
            clearest face, treats a short piece around each through the real pipeline, and draws a sheet: before on \
            the left, after on the right. From what the pieces took on this machine it says how long the whole job \
            will take, how large the result will be and how much memory it needs, and what it found in the file: \
            interlacing, uneven frames, missing tags, damage. Where nothing is said, it plans what restoring would \
            choose. Nothing is written but the sheet.

            EXAMPLES:
              heirloom plan film.mkv
              heirloom plan film.mkv --colorize --upscale 2 -o sheet.jpg
              heirloom plan tape.mov --upscale 1080p --codec ffv1
              heirloom plan film.mkv --clean --json
            """)

    @Argument(help: ArgumentHelp("The film.", valueName: "film"), completion: .file())
    var film: String

    @Flag(help: "Plan to colour it.")
    var colorize = false

    @Option(help: ArgumentHelp("Plan to enlarge it: 2, 1.5, 1080p, 800x600.", valueName: "size"))
    var upscale: String?

    @Flag(help: "Plan to clean its sound.")
    var clean = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The sheet (.jpg, .png); FILM.plan.jpg when nothing is said.", valueName: "picture"),
        completion: .file())
    var output: String?

    @Flag(help: "Print JSON, for programs.")
    var json = false

    @Flag(help: "Replace a sheet that exists already.")
    var overwrite = false

    @OptionGroup var progress: ProgressArguments
    @OptionGroup(title: "Film options") var settings: FilmArguments
    @OptionGroup(title: "Device options") var device: DeviceArguments

    /// Creates the command.
    public init() {}

    /// Checks what the parser cannot check.
    public func validate() throws {
        if settings.from != nil || settings.limit != nil {
            throw ValidationError("A plan is for the whole film; leave --from and --limit out.")
        }
        if let output { try SheetTarget.check(output, option: "--output", overwrite: overwrite) }
        _ = try treatment()
    }

    /// Looks, tries, prints.
    public func run() async throws {
        let startSeconds = StartTime.processorSeconds
        let monitor = JobMonitor { OutcomeText.tell($0) }
        let interruption = Interruption("stopping") { monitor.cancel() }
        defer { withExtendedLifetime(interruption) {} }
        let plan = try await ProgressDisplay.showing(
            progress.progress, state: { monitor.progress().map { ProgressState($0) } },
            {
                var (treatment, reasons) = (try treatment(), [String]())
                if !colorize, upscale == nil, !clean {
                    (treatment, reasons) = try await PlanTreatment.chosen(for: film, from: treatment, monitor: monitor)
                }
                return try await PlanJob(
                    input: film, treatment: treatment, choice: reasons, sheet: output, overwrite: overwrite,
                    startSeconds: startSeconds
                ).run(monitor: monitor)
            })
        print(json ? try JSONText.of(plan) : PlanText.describe(plan))
        if let sheet = plan.sheet { StandardError.write("wrote \(sheet)\n") }
        if let warning = plan.estimate?.warning { StandardError.write("warning: \(warning)\n") }
    }

    /// What the options ask for; where they ask for nothing, everything that may be chosen.
    private func treatment() throws -> PlanTreatment {
        let isOpen = !colorize && upscale == nil && !clean
        var treatment = PlanTreatment(film: try settings.settings(overwrite: false))
        if colorize || isOpen {
            var color = ColorSettings()
            color.device = try device.choice()
            color.precision = device.precision
            color.threads = device.threads
            treatment.color = color
        }
        if upscale != nil || isOpen { treatment.upscale = try enlarging() }
        if clean || isOpen {
            var cleaning = CleanSettings()
            cleaning.device = try device.choice()
            cleaning.threads = device.threads
            treatment.clean = cleaning
        }
        return treatment
    }

    private func enlarging() throws -> UpscaleSettings {
        var settings = UpscaleSettings()
        settings.target = try upscale.map { text in
            guard let target = TargetSize(text) else {
                throw ValidationError(
                    "--upscale \(text) is no size; write 1 to 16, WIDTHxHEIGHT in pixels, or 720p, 1080p, 1440p, 2160p, 4320p."
                )
            }
            return target
        }
        settings.device = try device.choice()
        settings.precision = device.precision
        settings.threads = device.threads
        return settings
    }
}
