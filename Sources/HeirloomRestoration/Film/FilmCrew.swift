import HeirloomMedia
import HeirloomWorkers

/// The thread that decodes and the thread that treats, each with what it needs for one run over a film.
struct FilmCrew: Sendable {
    let decoder: Worker<VideoReader>
    let treatment: Worker<any FrameStage>
    let film: OpenedFilm
    let output: VideoFormat
    let runIn: StageRunIn
    let choices: MachineChoices

    /// Opens the film and makes the treatment.
    ///
    /// - Parameter description: the job with everything chosen that is to be chosen.
    init(_ job: FilmJob, as description: JobDescription, _ flag: CancellationFlag) async throws {
        decoder = try await Worker(name: "decode") {
            try VideoReader(path: job.input, options: job.settings.readerOptions)
        }
        let film = await decoder.run { OpenedFilm($0) }
        self.film = film
        try flag.check()
        treatment = try await Worker(name: "treat") { try job.makeStage(film.format, description) }
        (output, runIn, choices) = try await treatment.run { stage in
            stage.heed { try flag.check() }
            return (try stage.outputFormat(for: film.format), stage.runIn, MachineChoices(stage.summary))
        }
        try flag.check()
    }
}

/// What the other threads need to know of a film that was opened.
struct OpenedFilm: Sendable {
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
