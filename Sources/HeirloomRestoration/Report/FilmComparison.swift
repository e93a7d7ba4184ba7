public import HeirloomMedia
import HeirloomWorkers

/// A film and what was made of it, measured side by side from the two files: the evidence of a report.
///
/// Both are decoded once, in step by their timestamps, in bounded memory. Nothing in here comes from the job that made the
/// film, so it would show what a job did wrong.
public struct FilmComparison: Sendable {
    /// A measure of source and result over the film.
    public struct Curves: Sendable, Equatable {
        /// The source.
        public var input = MeasureCurve()
        /// The result.
        public var output = MeasureCurve()

        /// Curves without values.
        public init() {}
    }

    /// What the source is made of.
    public var input: MediaSummary
    /// What the result is made of.
    public var output: MediaSummary
    /// What the frames of the source have in common, as they are read.
    public var inputFormat: VideoFormat
    /// What the frames of the result have in common.
    public var outputFormat: VideoFormat
    /// Whether the source was deinterlaced for the comparison.
    public var isDeinterlaced: Bool
    /// Where in the source the piece begins that the result was made of; nil where it was made of all.
    public var from: MediaTime?
    /// How long that piece is at most; nil for up to the end.
    public var limit: MediaTime?

    /// Frames that both films have, each at its time.
    public var frames = 0
    /// Frames of the source, by number, that the result lacks.
    public var missing = FrameNumbers()
    /// Frames of the result, by number, that the source lacks.
    public var extra = FrameNumbers()
    /// Frames of the source that its decoder called damaged.
    public var damaged = FrameNumbers()
    /// How much later the first frame of the result appears than that of the source, in seconds.
    public var startShift = 0.0
    /// How far the timestamps of a pair differ at most when both first frames are laid over each other, in seconds.
    public var largestTimeDifference = 0.0
    /// When the source's picture is seen; a piece's begins with its first frame.
    public var inputPicture = TimeSpan(start: 0, end: 0)
    /// When the result's picture is seen.
    public var outputPicture = TimeSpan(start: 0, end: 0)
    /// When the source's sound is heard; nil where there is none.
    public var inputSound: TimeSpan?
    /// When the result's sound is heard; nil where there is none.
    public var outputSound: TimeSpan?
    /// The first timestamps of source and result, exactly.
    var starts: (first: MediaTime, second: MediaTime)?

    /// The shots, found by the source's cuts.
    public var shots: [Shot] = []
    /// Before and after of each shot, or of a number of shots spread over the film.
    public var pictures: [ShotPicture] = []
    /// Colourfulness after Hasler and Süsstrunk (2003).
    public var colorfulness = Curves()
    /// Flicker of colours in places that keep still: mean distance in CIELAB's a*b* from the frames around.
    public var colorFlicker = Curves()
    /// Flicker of brightness in places that keep still: mean distance in CIELAB's L* from the frames around.
    public var brightnessFlicker = Curves()

    /// Whether the result was made of a piece of the source.
    public var isPiece: Bool { from != nil || limit != nil }
    /// Whether every frame of the source is in the result, and nothing else.
    public var isComplete: Bool { missing.isEmpty && extra.isEmpty }
    /// How much later the sound begins than the picture in the source, in seconds; nil without sound, and for a piece.
    public var inputSoundOffset: Double? { isPiece ? nil : inputSound.map { $0.start - inputPicture.start } }
    /// How much later the sound begins than the picture in the result, in seconds; nil without sound.
    public var outputSoundOffset: Double? { outputSound.map { $0.start - outputPicture.start } }

    /// Compares a film with what was made of it.
    ///
    /// - Parameters:
    ///   - input: the source.
    ///   - output: the result.
    ///   - film: how the source was read when the result was made: its piece, its fields.
    ///   - monitor: shows the progress and stops the work.
    /// - Throws: `MediaError` where one of them cannot be read; `CancellationError` when stopped.
    public static func measure(
        _ input: String, _ output: String, film: FilmSettings = FilmSettings(), monitor: JobMonitor = JobMonitor()
    ) async throws -> FilmComparison {
        monitor.begin(item: output)
        return try await withTaskCancellationHandler {
            let worker = try await Worker(name: "compare") {
                try FilmComparer(input: input, output: output, film: film, monitor: monitor)
            }
            do {
                let result = try await worker.run { try $0.run() }
                await worker.end()
                return result
            } catch {
                // The readers are closed before anyone hears of the failure.
                await worker.end()
                throw error
            }
        } onCancel: {
            monitor.cancel()
        }
    }
}
