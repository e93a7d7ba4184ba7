import Foundation
public import HeirloomMedia
import HeirloomWorkers

/// A whole film in, a whole film out: decoding, treatment and encoding run side by side on a thread each.
///
/// Every frame comes out once with its timestamp or the job fails, naming the frame. The work is kept in segments in a
/// folder beside the output (``Journal``) until the output is whole, was read back and has its name. A job that was
/// stopped, killed or ran out of disk goes on from there when it is run again, and ends in the same bytes as one that was
/// not.
public struct FilmJob: Sendable {
    /// Makes the stage on the thread that will use it.
    public typealias MakeStage = @Sendable (VideoFormat) throws -> sending any FrameStage

    /// What is done, complete.
    public let description: JobDescription
    let makeStage: @Sendable (VideoFormat, JobDescription) throws -> sending any FrameStage
    let sound: SoundStep?

    /// The film to read.
    public var input: String { description.input }
    /// The film to write.
    public var output: String { description.output }
    /// How to read and write.
    public var settings: FilmSettings { description.film }

    /// A job with a stage of one's own.
    ///
    /// - Parameters:
    ///   - custom: what the stage hangs on, by name; work that was begun with other values is not gone on with.
    ///   - stage: makes the stage for films of a format; runs on the thread of the treatment.
    public init(
        input: String, output: String, settings: FilmSettings = FilmSettings(), custom: [String: String] = [:],
        stage: @escaping MakeStage
    ) {
        description = JobDescription(kind: .custom, input: input, output: output, film: settings, custom: custom)
        makeStage = { format, _ in try stage(format) }
        sound = nil
    }

    /// A job from its description: what ``ResumeJob`` goes on with.
    ///
    /// - Parameter sound: what is done with the sound besides; nil for what the description says of it.
    /// - Precondition: the description colours or enlarges.
    public init(_ description: JobDescription, sound: SoundStep? = nil) {
        precondition(
            description.color != nil || description.upscale != nil,
            "a job without a treatment of pictures is no film job")
        self.description = description
        makeStage = { format, job in try job.stage(for: format) }
        self.sound = sound ?? description.clean.map { SoundStep.cleaned(description.input, settings: $0) }
    }

    /// Colours a film.
    public static func colorize(
        _ input: String, to output: String, color: ColorSettings = ColorSettings(), film: FilmSettings = FilmSettings()
    ) -> FilmJob {
        FilmJob(JobDescription(kind: .colorize, input: input, output: output, color: color, film: film))
    }

    /// Makes a film larger.
    public static func upscale(
        _ input: String, to output: String, upscale: UpscaleSettings = UpscaleSettings(),
        film: FilmSettings = FilmSettings()
    ) -> FilmJob {
        FilmJob(JobDescription(kind: .upscale, input: input, output: output, upscale: upscale, film: film))
    }

    /// Does it, or what is left of it.
    ///
    /// - Parameter monitor: shows the progress and stops the job.
    /// - Throws: ``PauseError`` where it was stopped or the disk is full and work is kept; `CancellationError` where it
    ///   was stopped before; `RestorationError` with `changed` or `journal` where earlier work cannot be gone on with;
    ///   otherwise `MediaError`, `RestorationError`, what the model files throw: finished segments are kept then, too.
    public func run(monitor: JobMonitor = JobMonitor()) async throws -> FilmReport {
        monitor.begin(item: input)
        return try await withTaskCancellationHandler {
            try monitor.flag.check()
            let keeper = try await Worker(name: "journal") { try FilmWork.open(description) }
            let journal = await keeper.run { $0.journal }
            if let report = await keeper.run({ $0.report }) { return report }
            let work = FilmWork(job: self, journal: journal, monitor: monitor)
            do {
                return try await work.perform()
            } catch {
                throw await keeper.run { _ in work.settled(error) }
            }
        } onCancel: {
            monitor.cancel()
        }
    }
}
