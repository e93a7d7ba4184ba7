import ArgumentParser
import Foundation
import HeirloomRecipes

/// What every training command asks whatever it trains on: how long, where the model goes.
struct TrainingCourseArguments: ParsableArguments {
    @Option(
        name: .customLong("out"),
        help: ArgumentHelp(
            "Where the model goes; beside the first folder, named like it, when nothing is said.", valueName: "model"),
        completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Time for the training; the schedule follows the clock. 60 when nothing is said.", valueName: "minutes"))
    var minutes: Double?

    @Option(help: ArgumentHelp("Passes over all there is to learn from, instead of --minutes.", valueName: "count"))
    var epochs: Double?

    @Option(
        help: ArgumentHelp(
            "Part of it set aside to judge by; a fifth of little, a twentieth of much.", valueName: "part"))
    var validation: Double?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Flag(help: "Go on from the checkpoint beside the model.")
    var resume = false

    @Flag(help: "Replace a model that exists already.")
    var overwrite = false

    func validate() throws {
        if minutes != nil && epochs != nil { throw ValidationError("Give --minutes or --epochs, not both.") }
        guard (minutes ?? 1) > 0, (epochs ?? 1) > 0 else {
            throw ValidationError("The length of the training must be more than 0.")
        }
        guard (0..<1).contains(validation ?? 0) else {
            throw ValidationError("--validation must be at least 0 and below 1.")
        }
    }

    /// Where the model goes.
    /// - Parameters:
    ///   - first: The folder or file that it is named like.
    ///   - suffix: What its name has after that.
    func target(besides first: String, _ suffix: String) -> String {
        if let output { return output }
        let first = URL(fileURLWithPath: first)
        let name =
            first.pathExtension.isEmpty ? first.lastPathComponent : first.deletingPathExtension().lastPathComponent
        return first.deletingLastPathComponent().appendingPathComponent(name + suffix + ".safetensors").relativePath
    }

    /// Refuses a target that exists or cannot be written, before an hour of packing.
    func check(_ target: String) throws {
        if !overwrite && !resume && FileManager.default.fileExists(atPath: target) {
            throw ValidationError("\(target) exists; give --overwrite to replace it, or another name with --out.")
        }
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw ValidationError("\(folder) cannot be written; choose another place with --out.")
        }
    }

    /// The minutes of a run that is limited by time.
    var wholeMinutes: Double? { epochs == nil ? minutes ?? 60 : nil }

    /// How long.
    var length: TrainingOptions.Length { epochs.map { .epochs($0) } ?? .minutes(minutes ?? 60) }

    /// Runs a task to its end, or to the interruption that a checkpoint survives.
    /// - Parameter example: How the model is tried, without `--model`.
    func run(
        _ task: some TrainingTask, _ options: TrainingOptions, display: TrainingDisplay,
        interruption: InterruptionFlag, example: String
    ) throws {
        let run = TrainingRun(options, task: task)
        run.report = { display.show($0) }
        run.isInterrupted = { interruption.isRequested }
        guard let record = try run.run(resume: resume) else {
            StandardError.write("stopped; the same command with --resume goes on from \(options.checkpointPath)\n")
            throw ExitCode(Failure.interrupted)
        }
        print(options.output)
        if record.verdict?.isBetter != false {
            StandardError.write("try it: \(example) --model \(options.output)\n")
        }
    }
}
