import ArgumentParser
import Foundation
import HeirloomIntake
import HeirloomRecipes

/// What every training command asks: which photographs, how long, where the model goes.
struct TrainingArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("Folders and files of photographs, or one packed store.", valueName: "photos"))
    var photos: [String]

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

    @Option(help: ArgumentHelp("Passes over the photographs, instead of --minutes.", valueName: "count"))
    var epochs: Double?

    @Option(
        help: ArgumentHelp(
            "Part of the photographs set aside to judge by; a fifth of few, a twentieth of many.", valueName: "part"))
    var validation: Double?

    @Option(help: "Seed of everything random.")
    var seed: UInt64 = 1

    @Flag(help: "Go on from the checkpoint beside the model.")
    var resume = false

    @Flag(help: "Replace a model that exists already.")
    var overwrite = false

    func validate() throws {
        if photos.isEmpty { throw ValidationError("Name a folder of photographs.") }
        if minutes != nil && epochs != nil { throw ValidationError("Give --minutes or --epochs, not both.") }
        guard (minutes ?? 1) > 0, (epochs ?? 1) > 0 else {
            throw ValidationError("The length of the training must be more than 0.")
        }
        guard (0..<1).contains(validation ?? 0) else {
            throw ValidationError("--validation must be at least 0 and below 1.")
        }
    }

    /// Where the model goes.
    /// - Parameter suffix: What its name has after the first folder's.
    func target(_ suffix: String) -> String {
        if let output { return output }
        let first = URL(fileURLWithPath: photos.first ?? "photos")
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

    /// The packed store of the photographs, beside the model; made anew unless a run is resumed.
    private func pack(
        for target: String, _ options: IntakeOptions, progress: ProgressStyle, interruption: InterruptionFlag
    ) async throws -> String {
        if photos.count == 1, photos[0].hasSuffix(".pack") { return photos[0] }
        let path = target + ".pack"
        if resume && FileManager.default.fileExists(atPath: path) { return path }
        let meter = PackingMeter()
        let report = try await ProgressDisplay.showing(
            progress, state: { meter.state },
            {
                try await Packer(photos, options: options).run(
                    to: path, overwrite: true, shouldStop: { interruption.isRequested },
                    progress: { meter.set($0, of: $1) })
            })
        StandardError.write(report.verdict + "\n")
        for left in report.leftOut.prefix(20) { StandardError.write("  left out: \(left.path): \(left.detail)\n") }
        if report.leftOut.count > 20 { StandardError.write("  … and \(report.leftOut.count - 20) more\n") }
        return path
    }

    /// The photographs in two parts, to learn from and to judge by; a store that was made for a run goes again where they
    /// are refused.
    func parts<Parts>(
        of target: String, _ options: IntakeOptions, progress: ProgressStyle, interruption: InterruptionFlag,
        _ divided: (_ store: String, _ origin: String) throws -> Parts
    ) async throws -> Parts {
        let made = target + ".pack"
        let isKept = resume || FileManager.default.fileExists(atPath: made)
        let store = try await pack(for: target, options, progress: progress, interruption: interruption)
        do { return try divided(store, photos.joined(separator: ", ")) } catch {
            if store == made && !isKept { try? FileManager.default.removeItem(atPath: made) }
            throw error
        }
    }

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
