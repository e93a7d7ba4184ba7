import ArgumentParser
import Foundation
import HeirloomModels
import HeirloomRecipes
import HeirloomTensors

/// What every training on a packed store asks: the store, how long, where the model goes, and how it is run.
struct TrainingRunArguments: ParsableArguments {
    @Argument(help: "The packed store.")
    var store: String

    @Option(name: .customLong("out"), help: "Where the model goes.")
    var output: String

    @Option(help: ArgumentHelp("Passes over the pictures in all.", valueName: "count"))
    var epochs: Double?

    @Option(help: ArgumentHelp("Time in all; the schedule follows the clock.", valueName: "minutes"))
    var minutes: Double?

    @Option(help: ArgumentHelp("Optimizer steps in all.", valueName: "count"))
    var steps: Int?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Option(help: "Arithmetic of the forward pass.")
    var precision = Precision.float32

    @Flag(help: "Go on from the checkpoint beside the output.")
    var resume = false

    @Flag(help: "Replace an existing output.")
    var overwrite = false

    @Option(help: ArgumentHelp("Write a snapshot model beside the output so often.", valueName: "minutes"))
    var snapshots: Double?

    @Option(help: ArgumentHelp("Time between checkpoints.", valueName: "seconds"))
    var checkpoints = 60.0

    @Option(help: ArgumentHelp("Time between preview sheets.", valueName: "minutes"))
    var previews = 10.0

    @Option(help: "How progress is shown; bar on a terminal, else plain.")
    var progress: ProgressStyle?

    func validate() throws {
        guard [epochs != nil, minutes != nil, steps != nil].filter({ $0 }).count == 1 else {
            throw ValidationError("Give the length of the run: one of --epochs, --minutes and --steps.")
        }
        guard (epochs ?? 1) > 0, (minutes ?? 1) > 0, (steps ?? 1) > 0 else {
            throw ValidationError("The length of the run must be more than 0.")
        }
        guard previews > 0 else { throw ValidationError("--previews must be more than 0.") }
    }

    /// Refuses an output that exists or cannot be written.
    func checkOutput() throws {
        let folder = URL(fileURLWithPath: output).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw ValidationError("\(folder) cannot be written; choose another place for --out.")
        }
        guard overwrite || resume || !FileManager.default.fileExists(atPath: output) else {
            throw ValidationError("\(output) exists; give --overwrite to replace it.")
        }
    }

    /// Options of a run on a device; what else there is to say is set by the caller.
    func options(device: Device) -> TrainingOptions {
        let length: TrainingOptions.Length =
            if let epochs { .epochs(epochs) } else if let minutes { .minutes(minutes) } else { .steps(steps ?? 0) }
        return TrainingOptions(
            length: length, output: output, device: device, precision: precision.mixed, seed: seed,
            checkpointSeconds: checkpoints, snapshotSeconds: snapshots.map { $0 * 60 }, previewSeconds: previews * 60,
            keepsLog: true)
    }

    /// Runs a task to its end, or to the interruption that a checkpoint survives.
    func run(_ task: some TrainingTask, _ options: TrainingOptions, warning: String? = nil) throws {
        let training = TrainingRun(options, task: task)
        let display = TrainingDisplay(progress)
        training.report = display.show
        training.isInterrupted = { Interrupt.isRequested }
        if let warning { display.show(.note(warning)) }
        Interrupt.install()
        guard try training.run(resume: resume) != nil else {
            FileHandle.standardError.write(Data("\nstopped; \(options.checkpointPath) goes on with --resume\n".utf8))
            throw ExitCode(130)
        }
        print(output)
    }
}
