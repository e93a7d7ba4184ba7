import Foundation
import HeirloomMedia
import HeirloomWorkers

/// Pictures, films and folders in any mixture, put through one treatment: what every job over files has in common.
///
/// One picture or film goes to the output's name, or under its own name into the output where that is a folder (or ends
/// in a slash). Several inputs, and the contents of folders, go into the output folder under their (relative) names. A
/// broken file among several is reported and the others are done.
struct RestorationBatch: Sendable {
    let inputs: [String]
    let output: String
    let recursive: Bool
    /// What is done, for sentences: "colour".
    let verb: String
    let film: FilmSettings
    let still: StillSettings
    /// The job for a film and its output.
    let filmJob: @Sendable (String, String) -> FilmJob
    /// Makes the treatment of pictures, on the thread that will use it.
    let stillTreatment: @Sendable () throws -> sending any StillTreatment

    /// Looks into every input and decides every output; writes nothing and loads no model.
    func plan() throws -> RestorationPlan {
        var planner = RestorationPlanner(output: output, recursive: recursive, film: film, still: still, verb: verb)
        return try planner.plan(for: inputs)
    }

    /// Does what was planned.
    func run(
        _ plan: RestorationPlan, device: DeviceChoice, monitor: JobMonitor,
        onItem: @escaping @Sendable (ItemOutcome) -> Void
    ) async throws -> RestorationReport {
        try device.check()
        for folder in plan.folders { try Self.make(folder) }
        let isSingle = plan.items.count == 1 && plan.refused.isEmpty && plan.skipped.isEmpty
        var outcomes: [ItemOutcome] = []
        func record(_ outcome: ItemOutcome) {
            outcomes.append(outcome)
            onItem(outcome)
        }
        for refused in plan.refused { record(.failed(input: refused.path, error: refused.error)) }
        let pictures = ProgressMeter(unit: "pictures", total: plan.items.count { $0.kind == .still })
        var stills: Worker<any StillTreatment>?
        for (index, item) in plan.items.enumerated() {
            try monitor.flag.check()
            monitor.begin(item: item.input, index: index, of: plan.items.count)
            do {
                switch item.kind {
                case .film:
                    stills = nil  // its memory is worth more to the film
                    record(.film(try await filmJob(item.input, item.output).run(monitor: monitor)))
                case .still:
                    let worker: Worker<any StillTreatment>
                    if let stills {
                        worker = stills
                    } else {
                        worker = try await Worker(name: "stills") { [stillTreatment] in try stillTreatment() }
                        stills = worker
                    }
                    let report = try await worker.run { [still] in
                        try $0.perform(item.input, to: item.output, still, pictures: pictures, monitor)
                    }
                    record(.still(report))
                case .folder: preconditionFailure("a plan holds no folders")
                }
            } catch let error as CancellationError {
                throw error
            } catch let error as PauseError {
                // A stop by the user, or a disk that is full for the files after this one, too.
                throw error
            } catch {
                if isSingle { throw error }
                record(.failed(input: item.input, error: error))
            }
        }
        return RestorationReport(outcomes: outcomes, skipped: plan.skipped)
    }

    private static func make(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw MediaError(
                .notWritable, "write to the folder", path: folder, reason: "it cannot be made",
                advice: "check the permissions of the folder above it")
        }
    }
}
