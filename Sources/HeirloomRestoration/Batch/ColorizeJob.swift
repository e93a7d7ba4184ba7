import Foundation
import HeirloomMedia
import HeirloomWorkers

/// `heirloom colorize`: pictures, films and folders, in any mixture.
///
/// One picture or film goes to the output's name, or under its own name into the output where that is a folder (or ends
/// in a slash). Several inputs, and the contents of folders, go into the output folder under their (relative) names. A
/// broken file among several is reported and the others are done.
public struct ColorizeJob: Sendable {
    /// What to read.
    public let inputs: [String]
    /// Where to write.
    public let output: String
    /// Whether folders inside folders are looked into.
    public let recursive: Bool
    /// How to colour.
    public let color: ColorSettings
    /// How films are read and written.
    public let film: FilmSettings
    /// How pictures are written.
    public let still: StillSettings

    /// A job.
    public init(
        inputs: [String], output: String, recursive: Bool = false, color: ColorSettings = ColorSettings(),
        film: FilmSettings = FilmSettings(), still: StillSettings = StillSettings()
    ) {
        self.inputs = inputs
        self.output = output
        self.recursive = recursive
        self.color = color
        self.film = film
        self.still = still
    }

    /// Looks into every input and decides every output; writes nothing and loads no model.
    ///
    /// - Throws: what a single input or the output is refused for. Of several inputs, those that are refused stand in
    ///   the plan.
    public func plan() throws -> ColorizePlan {
        try color.validate()
        var planner = ColorizePlanner(output: output, recursive: recursive, film: film, still: still)
        return try planner.plan(for: inputs)
    }

    /// Does it.
    ///
    /// - Parameters:
    ///   - plan: what ``plan()`` gave; made anew when nil.
    ///   - monitor: shows the progress and stops the job.
    ///   - onItem: called after every input.
    /// - Throws: what a single input fails with; of several, failures stand in the report. `CancellationError` when
    ///   stopped: what is finished stays.
    public func run(
        _ plan: ColorizePlan? = nil, monitor: JobMonitor = JobMonitor(),
        onItem: @escaping @Sendable (ItemOutcome) -> Void = { _ in }
    ) async throws -> ColorizeReport {
        let plan = try plan ?? self.plan()
        try color.device.check()
        for folder in plan.folders { try Self.make(folder) }
        let isSingle = plan.items.count == 1 && plan.refused.isEmpty && plan.skipped.isEmpty
        var outcomes: [ItemOutcome] = []
        func record(_ outcome: ItemOutcome) {
            outcomes.append(outcome)
            onItem(outcome)
        }
        for refused in plan.refused { record(.failed(input: refused.path, error: refused.error)) }
        let stills = plan.items.count { $0.kind == .still }
        let pictures = ProgressMeter(unit: "pictures", total: stills)
        var colorizer: Worker<StillColorizer>?
        for (index, item) in plan.items.enumerated() {
            try monitor.flag.check()
            monitor.begin(item: item.input, index: index, of: plan.items.count)
            do {
                switch item.kind {
                case .film:
                    colorizer = nil  // its memory is worth more to the film
                    let job = FilmJob.colorize(item.input, to: item.output, color: color, film: film)
                    record(.film(try await job.run(monitor: monitor)))
                case .still:
                    let worker: Worker<StillColorizer>
                    if let colorizer {
                        worker = colorizer
                    } else {
                        worker = try await Worker(name: "stills") { [color] in
                            try StillColorizer(NetworkPredictor(color), settings: color)
                        }
                        colorizer = worker
                    }
                    monitor.show(pictures)
                    let job = StillJob(input: item.input, output: item.output, color: color, still: still)
                    let report = try await worker.run { [flag = monitor.flag] in try job.perform(with: $0, flag) }
                    pictures.advance()
                    record(.still(report))
                case .folder: preconditionFailure("a plan holds no folders")
                }
            } catch let error as CancellationError {
                throw error
            } catch {
                if isSingle { throw error }
                record(.failed(input: item.input, error: error))
            }
        }
        return ColorizeReport(outcomes: outcomes, skipped: plan.skipped)
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
