import ArgumentParser
import Foundation
import HeirloomIntake
import HeirloomRecipes

/// What every training on photographs asks: which, how long, where the model goes.
@dynamicMemberLookup
struct TrainingArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("Folders and files of photographs, or one packed store.", valueName: "photos"))
    var photos: [String]

    @OptionGroup var course: TrainingCourseArguments

    /// What is asked whatever is trained on.
    subscript<Value>(dynamicMember path: KeyPath<TrainingCourseArguments, Value>) -> Value { course[keyPath: path] }

    func validate() throws {
        if photos.isEmpty { throw ValidationError("Name a folder of photographs.") }
    }

    /// Where the model goes.
    /// - Parameter suffix: What its name has after the first folder's.
    func target(_ suffix: String) -> String { course.target(besides: photos.first ?? "photos", suffix) }

    /// The packed store of the photographs, beside the model; made anew unless a run is resumed.
    private func pack(
        for target: String, _ options: IntakeOptions, progress: ProgressStyle, interruption: InterruptionFlag
    ) async throws -> String {
        if photos.count == 1, photos[0].hasSuffix(".pack") { return photos[0] }
        let path = target + ".pack"
        if course.resume && FileManager.default.fileExists(atPath: path) { return path }
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
        let isKept = course.resume || FileManager.default.fileExists(atPath: made)
        let store = try await pack(for: target, options, progress: progress, interruption: interruption)
        do { return try divided(store, photos.joined(separator: ", ")) } catch {
            if store == made && !isKept { try? FileManager.default.removeItem(atPath: made) }
            throw error
        }
    }
}
