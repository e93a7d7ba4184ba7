/// `heirloom upscale`: pictures, films and folders made larger, in any mixture.
///
/// Names are decided as for ``ColorizeJob``.
public struct UpscaleJob: Sendable {
    /// What to read.
    public let inputs: [String]
    /// Where to write.
    public let output: String
    /// Whether folders inside folders are looked into.
    public let recursive: Bool
    /// How to enlarge.
    public let upscale: UpscaleSettings
    /// How films are read and written.
    public let film: FilmSettings
    /// How pictures are written.
    public let still: StillSettings

    /// A job.
    public init(
        inputs: [String], output: String, recursive: Bool = false, upscale: UpscaleSettings = UpscaleSettings(),
        film: FilmSettings = FilmSettings(), still: StillSettings = StillSettings()
    ) {
        self.inputs = inputs
        self.output = output
        self.recursive = recursive
        self.upscale = upscale
        self.film = film
        self.still = still
    }

    /// Looks into every input and decides every output; writes nothing and loads no model.
    ///
    /// - Throws: what a single input or the output is refused for. Of several inputs, those that are refused stand in
    ///   the plan.
    public func plan() throws -> RestorationPlan {
        try upscale.validate()
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
        try await batch.run(try plan ?? self.plan(), device: upscale.device, monitor: monitor, onItem: onItem)
    }

    private var batch: RestorationBatch {
        RestorationBatch(
            inputs: inputs, output: output, recursive: recursive, verb: "enlarge", film: film, still: still,
            filmJob: { [upscale, film] in FilmJob.upscale($0, to: $1, upscale: upscale, film: film) },
            stillTreatment: { [upscale] in try StillUpscaler(upscale) })
    }
}
