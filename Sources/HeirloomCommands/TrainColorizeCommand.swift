import ArgumentParser
import Foundation
import HeirloomIntake
import HeirloomModels
import HeirloomRecipes

/// `heirloom train colorize`: pictures → packed store → colour network.
struct TrainColorizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "colorize",
        abstract: "Train the colour network on colour photographs.",
        discussion: """
            Packs the photographs (small, sRGB) into one file beside the model, leaves out what is broken, grey or there \
            twice, and trains: encoder held first, then everything, pictures of growing size. A checkpoint is written \
            every minute; the same command with --resume goes on after Ctrl-C, a kill or a power cut.

            EXAMPLES:
              heirloom train colorize photos/ --out my-colours.safetensors --minutes 60
              heirloom train colorize photos.pack --out my-colours.safetensors --epochs 20 --device cuda
              heirloom train colorize photos/ --out my-colours.safetensors --minutes 60 --resume
            """)

    @Argument(help: ArgumentHelp("Folders and files of colour photographs, or one packed store.", valueName: "photos"))
    var photos: [String]

    @Option(
        name: .customLong("out"), help: ArgumentHelp("Where the model goes.", valueName: "model"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "Time for the training; the schedule follows the clock. 60 when nothing is said.", valueName: "minutes"))
    var minutes: Double?

    @Option(help: ArgumentHelp("Passes over the photographs, instead of --minutes.", valueName: "count"))
    var epochs: Double?

    @Option(help: ArgumentHelp("Part of the photographs set aside to judge by.", valueName: "part"))
    var validation = 0.05

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Flag(help: "Go on from the checkpoint beside the model.")
    var resume = false

    @Flag(help: "Replace a model that exists already.")
    var overwrite = false

    @OptionGroup var progress: ProgressArguments
    @OptionGroup(title: "Device options") var device: TrainingDeviceArguments

    func validate() throws {
        if photos.isEmpty { throw ValidationError("Name a folder of colour photographs.") }
        if minutes != nil && epochs != nil { throw ValidationError("Give --minutes or --epochs, not both.") }
        guard (minutes ?? 1) > 0, (epochs ?? 1) > 0 else {
            throw ValidationError("The length of the training must be more than 0.")
        }
        guard (0..<1).contains(validation) else {
            throw ValidationError("--validation must be at least 0 and below 1.")
        }
        if !overwrite && !resume && FileManager.default.fileExists(atPath: output) {
            throw ValidationError("\(output) exists; give --overwrite to replace it.")
        }
    }

    func run() async throws {
        let place = try device.place()
        let interruption = InterruptionFlag("stopping after this step; --resume goes on")
        let pretrained = try Pretrained.standard()
        for name in ColorTraining.neededModels {
            try pretrained.fetch(try pretrained.model(named: name)) { StandardError.write($0 + "\n") }
        }
        let options = ColorTraining.Options(
            length: epochs.map { .epochs($0) } ?? .minutes(minutes ?? 60), output: output, place: place, seed: seed)
        let training = try ColorTraining(
            options, store: try await pack(interruption), validation: validation, pretrained: pretrained)
        let display = TrainingDisplay(progress.progress)
        training.report = { display.show($0) }
        training.isInterrupted = { interruption.isRequested }
        guard let record = try training.run(resume: resume) else {
            let checkpoint = ColorTraining.checkpointPath(output: output)
            StandardError.write("stopped; the same command with --resume goes on from \(checkpoint)\n")
            throw ExitCode(Failure.interrupted)
        }
        if let figures = record.phases.last?.validation { StandardError.write(TrainingText.figures(figures) + "\n") }
        print(output)
        StandardError.write("try it: heirloom colorize photo.jpg -o colour.jpg --model \(output)\n")
    }

    /// The packed store of the photographs, beside the model; made anew unless a run is resumed.
    private func pack(_ interruption: InterruptionFlag) async throws -> String {
        if photos.count == 1, photos[0].hasSuffix(".pack") { return photos[0] }
        let path = output + ".pack"
        if resume && FileManager.default.fileExists(atPath: path) { return path }
        let meter = PackingMeter()
        let report = try await ProgressDisplay.showing(
            progress.progress, state: { meter.state },
            {
                try await Packer(photos).run(
                    to: path, overwrite: true, shouldStop: { interruption.isRequested },
                    progress: { meter.set($0, of: $1) })
            })
        StandardError.write(report.verdict + "\n")
        for left in report.leftOut.prefix(20) { StandardError.write("  left out: \(left.path): \(left.detail)\n") }
        if report.leftOut.count > 20 { StandardError.write("  … and \(report.leftOut.count - 20) more\n") }
        return path
    }
}
