public import HeirloomMedia
import HeirloomWorkers

/// A whole film in, a whole film out: decoding, treatment and encoding run side by side on a thread each.
///
/// Every frame comes out once with its timestamp or the job fails, naming the frame. The output appears under its name
/// when it is whole; a failure or a stop leaves nothing behind.
public struct FilmJob: Sendable {
    /// Makes the stage on the thread that will use it.
    public typealias MakeStage = @Sendable (VideoFormat) throws -> sending any FrameStage

    /// The film to read.
    public let input: String
    /// The film to write.
    public let output: String
    /// How to read and write.
    public let settings: FilmSettings
    private let makeStage: MakeStage

    /// A job with a stage of one's own.
    ///
    /// - Parameter stage: makes the stage for films of a format; runs on the thread of the treatment.
    public init(input: String, output: String, settings: FilmSettings = FilmSettings(), stage: @escaping MakeStage) {
        self.input = input
        self.output = output
        self.settings = settings
        makeStage = stage
    }

    /// Colours a film.
    public static func colorize(
        _ input: String, to output: String, color: ColorSettings = ColorSettings(), film: FilmSettings = FilmSettings()
    ) -> FilmJob {
        FilmJob(input: input, output: output, settings: film) { format in
            let predictor = try NetworkPredictor.forFilm(color) { Colorizer.renderSize(of: format, color, for: $0) }
            return try Colorizer(predictor, format: format, settings: color)
        }
    }

    /// Makes a film larger.
    public static func upscale(
        _ input: String, to output: String, upscale: UpscaleSettings = UpscaleSettings(),
        film: FilmSettings = FilmSettings()
    ) -> FilmJob {
        FilmJob(input: input, output: output, settings: film) { try Upscaler(format: $0, settings: upscale) }
    }

    /// Does it.
    ///
    /// - Parameter monitor: shows the progress and stops the job.
    /// - Throws: `MediaError`, `RestorationError`, what the model files throw; `CancellationError` when stopped.
    public func run(monitor: JobMonitor = JobMonitor()) async throws -> FilmReport {
        monitor.begin(item: input)
        return try await withTaskCancellationHandler {
            try await run(monitor, monitor.flag)
        } onCancel: {
            monitor.cancel()
        }
    }

    private func run(_ monitor: JobMonitor, _ flag: CancellationFlag) async throws -> FilmReport {
        try flag.check()
        // Refusals about names come before anything slow.
        try VideoWriter.check(path: output, encoding: settings.encoding, inputs: [input], overwrite: settings.overwrite)
        let decoder = try await Worker(name: "decode") { [input, settings] in
            try VideoReader(path: input, options: settings.readerOptions)
        }
        let film = await decoder.run { OpenedFilm($0) }
        try flag.check()
        let treatment = try await Worker(name: "treat") { [makeStage] in try makeStage(film.format) }
        let outputFormat = try await treatment.run { stage in
            stage.heed { try flag.check() }
            return try stage.outputFormat(for: film.format)
        }
        try flag.check()
        let encoder = try await Worker(name: "encode") { [output, settings] in
            Optional(
                try VideoWriter(
                    path: output, format: outputFormat, encoding: settings.encoding, copying: film.copySource,
                    overwrite: settings.overwrite))
        }
        let meter = ProgressMeter(unit: "frames", total: film.estimatedFrameCount)
        monitor.show(meter)
        let line = FilmLine(
            decoded: queue { $0.byteCount }, treated: queue { $0.byteCount }, flag: flag, meter: meter)
        let preparation = await treatment.run { ($0 as? any OverlappedStage)?.preparation }
        let registration = flag.onCancel { line.cancel() }
        let start = ContinuousClock.now
        do {
            async let decoding: Void = decoder.run { try line.decode($0, preparation) }
            async let treating = treatment.run { try line.treat(&$0) }
            async let encoding: Void = encoder.run { try line.encode($0, as: outputFormat) }
            let (_, ledger, _) = try await (decoding, treating, encoding)
            guard ledger.given > 0 else {
                throw MediaError(
                    .noVideo, "read the film", path: input, reason: "not one frame of it could be read",
                    advice: "check that it plays")
            }
            try flag.check()
            let containerNotes = try await encoder.run { try $0?.finish() ?? [] }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            meter.setTotal(ledger.given)
            withExtendedLifetime(registration) {}
            let summary = await treatment.run { $0.summary }
            await treatment.end()
            let damage = await decoder.run { $0.damage }
            return report(film, outputFormat, summary, ledger, damage, containerNotes, seconds, line)
        } catch {
            // The writer goes on its own thread, and the unfinished file with it, before anyone hears of the failure.
            await encoder.run { $0 = nil }
            await treatment.end()
            if flag.isCancelled { throw CancellationError() }
            throw error
        }
    }

    private func queue<Element>(_ size: @escaping @Sendable (Element) -> Int) -> ByteQueue<Element> {
        ByteQueue(byteLimit: settings.queueBytes, countLimit: settings.queueFrames, size: size)
    }

    private func report(
        _ film: OpenedFilm, _ format: VideoFormat, _ summary: StageSummary, _ ledger: FrameLedger,
        _ damage: DamageReport, _ containerNotes: [String], _ seconds: Double, _ line: FilmLine
    ) -> FilmReport {
        FilmReport(
            input: input, output: output, frames: ledger.given, width: format.width, height: format.height,
            damagedFrames: ledger.damaged, damage: damage.sentences,
            notes: film.notes + summary.notes + containerNotes, seconds: seconds,
            networkSeconds: summary.networkSeconds, stepSeconds: summary.stepSeconds, shots: summary.shots,
            renderWidth: summary.renderWidth, renderHeight: summary.renderHeight, batch: summary.batch,
            precision: summary.precision, device: summary.device,
            queues: [
                "decoded": QueueNumbers(line.decoded.statistics), "treated": QueueNumbers(line.treated.statistics),
            ])
    }
}

/// What the other threads need to know of a film that was opened.
private struct OpenedFilm: Sendable {
    let format: VideoFormat
    let notes: [String]
    let estimatedFrameCount: Int?
    let copySource: StreamCopySource

    init(_ reader: VideoReader) {
        format = reader.format
        notes = reader.notes
        estimatedFrameCount = reader.estimatedFrameCount
        copySource = reader.copySource
    }
}
