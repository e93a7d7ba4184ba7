import HeirloomMedia
import HeirloomWorkers

/// `heirloom clean`: several recordings of one event become one clean signal, or one recording becomes clean.
///
/// ```swift
/// let report = try await CleanJob(inputs: ["phone.m4a", "recorder.wav"], output: "interview.wav").run()
/// ```
///
/// Recordings are read twice and never held whole, so hours need no more memory than minutes. The result appears under its
/// name when it is whole; a failure or a stop leaves nothing behind.
public struct CleanJob: Sendable {
    /// The recordings or films.
    public let inputs: [String]
    /// The sound file or film to write, or the folder.
    public let output: String
    /// Whether the result lies on the timeline of the first recording, whichever sounds best.
    public let keepsFirstTimeline: Bool
    /// How to clean.
    public let settings: CleanSettings
    /// The program's version, for the report.
    public let version: String

    /// A job.
    public init(
        inputs: [String], output: String, keepsFirstTimeline: Bool = false, settings: CleanSettings = CleanSettings(),
        version: String = ""
    ) {
        self.inputs = inputs
        self.output = output
        self.keepsFirstTimeline = keepsFirstTimeline
        self.settings = settings
        self.version = version
    }

    /// Does it.
    ///
    /// - Parameter monitor: shows the progress and stops the job.
    /// - Throws: `MediaError` for files that cannot be read or written; `RestorationError` where nothing can be aligned or
    ///   settings make no sense; what the model files throw; `CancellationError` when stopped.
    public func run(monitor: JobMonitor = JobMonitor()) async throws -> CleanReport {
        try await withTaskCancellationHandler {
            try settings.validate()
            guard !inputs.isEmpty else { throw RestorationError(.badRequest, "There is no recording to clean.") }
            let targets = CleanTargets(output: output, inputs: inputs, settings: settings)
            try targets.check(inputs: inputs, overwrite: settings.overwrite)
            try settings.device.check()
            let worker = try await Worker(name: "sound") { [self] in CleanWork(self, targets, monitor) }
            return try await worker.run { try $0.perform() }
        } onCancel: {
            monitor.cancel()
        }
    }
}
