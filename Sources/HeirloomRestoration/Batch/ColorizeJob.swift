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
    public func plan() throws -> RestorationPlan {
        try color.validate()
        return try batch.plan()
    }

    /// Does it.
    ///
    /// - Parameters:
    ///   - plan: what ``plan()`` gave; made anew when nil.
    ///   - monitor: shows the progress and stops the job.
    ///   - onItem: called after every input.
    /// - Throws: what a single input fails with; of several, failures stand in the report. ``PauseError`` or
    ///   `CancellationError` when stopped: what is finished stays.
    public func run(
        _ plan: RestorationPlan? = nil, monitor: JobMonitor = JobMonitor(),
        onItem: @escaping @Sendable (ItemOutcome) -> Void = { _ in }
    ) async throws -> RestorationReport {
        try await batch.run(try plan ?? self.plan(), device: color.device, monitor: monitor, onItem: onItem)
    }

    private var batch: RestorationBatch {
        RestorationBatch(
            inputs: inputs, output: output, recursive: recursive, verb: "colour", film: film, still: still,
            filmJob: { [color, film] in FilmJob.colorize($0, to: $1, color: color, film: film) },
            stillTreatment: { [color] in try StillColorizer(NetworkPredictor(color), settings: color) })
    }
}
