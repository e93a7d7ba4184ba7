import Foundation
import HeirloomMedia
import HeirloomWorkers

/// `heirloom plan`: looks over a film, treats a few telling frames of it, and says what the whole job will take.
///
/// ```swift
/// let plan = try await PlanJob(input: "film.mkv", treatment: PlanTreatment(color: ColorSettings())).run()
/// print(plan.estimate.sentence)
/// ```
///
/// Nothing is written but the sheet.
public struct PlanJob: Sendable {
    /// The film.
    public let input: String
    /// What is planned; nothing where only the film is to be looked at.
    public let treatment: PlanTreatment
    /// What speaks for it, for the plan; empty where the user asked for it.
    public let choice: [String]
    /// Where the sheet goes (.jpg, .png); nil for a free name beside the film.
    public let sheet: String?
    /// Whether a sheet that exists is replaced.
    public let overwrite: Bool
    /// Seconds of steady work that each of the pieces is measured for.
    public let trialSeconds: Double
    /// Seconds that starting a program for the job takes before anything is done; counted in, as the job will start one,
    /// and taken for the speed of this machine in what else is done once.
    public let startSeconds: Double
    /// Make the stages, one after the other; none for the treatment's own.
    private let stages: [FilmJob.MakeStage]

    /// Seconds of a piece before its telling frame, so that what looks back has something to look at.
    static let runIn = 1.0
    /// Seconds of film that a piece has at most.
    static let longestPiece = 120.0
    /// A job.
    public init(
        input: String, treatment: PlanTreatment, choice: [String] = [], sheet: String? = nil, overwrite: Bool = false,
        trialSeconds: Double = 4, startSeconds: Double = 0
    ) {
        self.init(
            input: input, treatment: treatment, choice: choice, sheet: sheet, overwrite: overwrite,
            trialSeconds: trialSeconds, startSeconds: startSeconds, stages: [])
    }

    /// A job with stages of one's own in place of the treatment's.
    init(
        input: String, treatment: PlanTreatment, choice: [String] = [], sheet: String? = nil, overwrite: Bool = false,
        trialSeconds: Double = 4, startSeconds: Double = 0, stages: [FilmJob.MakeStage]
    ) {
        self.input = input
        self.treatment = treatment
        self.choice = choice
        self.sheet = sheet
        self.overwrite = overwrite
        self.trialSeconds = trialSeconds
        self.startSeconds = startSeconds
        self.stages = stages
    }

    /// Does it.
    ///
    /// - Parameter monitor: shows the progress and stops the job.
    /// - Throws: as `FilmJob` and `CleanJob`; `MediaError` where the sheet cannot be written; `CancellationError` when
    ///   stopped, and nothing is left then.
    public func run(monitor: JobMonitor = JobMonitor()) async throws -> FilmPlan {
        monitor.begin(item: input)
        return try await withTaskCancellationHandler {
            try await run(monitor, monitor.flag)
        } onCancel: {
            monitor.cancel()
        }
    }

    private func run(_ monitor: JobMonitor, _ flag: CancellationFlag) async throws -> FilmPlan {
        try treatment.validate()
        let sheet = try treatsPicture ? target() : nil
        let meter = ProgressMeter(unit: "steps", total: TellingFrame.Reason.allCases.count + 2)
        monitor.show(meter)
        let survey = try await Worker(name: "look") { [self] in
            try FilmSurvey(
                path: input, options: treatment.film.readerOptions,
                pictureLimit: treatsPicture ? FaceSearch.pictures : 0
            ) { try flag.check() }
        }.run { $0 }
        meter.advance()
        if treatment.clean != nil, survey.streams(.audio).isEmpty {
            throw MediaError(
                .noSound, "plan to clean the sound of", path: input, reason: "it has no sound",
                advice: "plan without cleaning")
        }
        let faces = treatsPicture ? try await FaceSearch.run(survey.pictures, monitor) : FaceSearch()
        let telling = treatsPicture ? TellingFrame.pick(from: survey.frames, faces: faces.sightings) : []
        meter.setTotal(telling.count + 2)
        let folder = NSTemporaryDirectory() + "heirloom-plan-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var trials: [TrialResult] = []
        for frame in telling {
            try flag.check()
            // A frame that takes so long takes as long elsewhere: of the other pieces the telling frame is enough.
            let isSlow = trials.contains { $0.secondsPerFrame ?? 0 > trialSeconds / 2 }
            trials.append(try await trial(of: frame, survey, folder, isBrief: isSlow, monitor))
            meter.advance()
        }
        var sound: SoundTrial?
        if let clean = treatment.clean {
            sound = try await SoundTrial.run(
                input, settings: clean, duration: survey.seconds, folder: folder, monitor: monitor)
            monitor.show(meter)
        }
        try flag.check()
        var plan = plan(survey, telling, trials, sound, sheet: sheet)
        plan.found += faces.findings
        if let sheet { try await draw(telling, trials, to: sheet) }
        meter.advance()
        return plan
    }

    private var treatsPicture: Bool { treatment.changesPicture || !stages.isEmpty }

    private var description: JobDescription { treatment.description(input) }

    /// Treats the piece of the film around a telling frame.
    private func trial(
        of telling: TellingFrame, _ survey: FilmSurvey, _ folder: String, isBrief: Bool, _ monitor: JobMonitor
    ) async throws -> TrialResult {
        let time = telling.frame.time
        let from = max(time - (treatment.color == nil ? .zero : MediaTime(seconds: Self.runIn)), .zero)
        // A little early, so that rounding never begins a piece behind its frame.
        let early = max(from - MediaTime(seconds: 0.004), .zero)
        var source = TrialSource.film(from: early, limit: MediaTime(seconds: Self.longestPiece))
        var result: TrialResult?
        for (number, stage) in chain.enumerated() {
            let isLast = number == chain.count - 1
            let trial = try await TrialRun(
                input: input, source: source, output: isLast ? folder + "/piece" : nil, film: treatment.film,
                makeStage: stage, target: time + survey.packets.start,
                // What is kept for a slow treatment is measured all the same.
                seconds: isBrief && isLast ? nil : trialSeconds
            ).run(monitor)
            guard isLast || !trial.kept.isEmpty else {
                throw RestorationError(
                    .frameFailed,
                    "Cannot plan '\(input)': its frame at \(PlanSheet.clock(time.seconds)) did not come out of the trial."
                )
            }
            source = .frames(trial.kept, trial.format)
            result = result?.followed(by: trial) ?? trial
        }
        guard let result else { preconditionFailure("a trial of a treatment that does nothing") }
        return result
    }

    /// The stages that are tried apart: a job chains them on one thread.
    private var chain: [FilmJob.MakeStage] {
        if !stages.isEmpty { return stages }
        var parts: [JobDescription] = []
        if treatment.color != nil {
            parts.append(description)
            parts[parts.count - 1].upscale = nil
        }
        if treatment.upscale != nil {
            parts.append(description)
            parts[parts.count - 1].color = nil
        }
        return parts.map { part in { try part.stage(for: $0) } }
    }

    private func plan(
        _ survey: FilmSurvey, _ telling: [TellingFrame], _ trials: [TrialResult], _ sound: SoundTrial?, sheet: String?
    ) -> FilmPlan {
        let output = trials.first?.format ?? survey.format
        return FilmPlan(
            input: input, width: survey.format.width, height: survey.format.height, outputWidth: output.width,
            outputHeight: output.height, frames: survey.frameCount, seconds: survey.seconds,
            isWhollySeen: survey.isWhole, cutsPerMinute: survey.cutsPerMinute, found: survey.findings,
            treatment: treatment.words, choice: choice,
            samples: telling.map {
                .init(
                    reasons: $0.reasons, seconds: $0.frame.time.seconds, mean: $0.frame.mean,
                    busyness: $0.frame.busyness)
            },
            sheet: sheet,
            estimate: treatsPicture || treatment.clean != nil ? estimate(survey, trials, sound) : nil,
            silentSpeed: survey.streams(.audio).isEmpty ? SilentSpeedEstimate(survey) : nil)
    }

    private func estimate(_ survey: FilmSurvey, _ trials: [TrialResult], _ sound: SoundTrial?) -> PlanEstimate {
        let arithmetic = PlanArithmetic(
            trials: trials, sourceBytes: trials.map { survey.packets.meanSize(from: $0.from, to: $0.end) },
            whole: .init(
                frames: survey.frameCount, seconds: survey.seconds, cutRate: (survey.cutsPerMinute ?? 0) / 60,
                sourceBytesPerFrame: survey.packets.meanSize()),
            segmentSeconds: description.segmentSeconds, waitingFrames: treatment.film.queueFrames)
        let picture = treatsPicture ? arithmetic.pictureBytes : Double(survey.pictureBytes)
        let other = Double(survey.copiedBytes) + (sound?.bytes ?? 0)
        // As much again goes to what no trial does: the source and the result are opened several times, a cold network is
        // used for the first time, files are made safe. Measured on films of 2 to 8 s, whose plans lacked 0.1 to 0.6 s.
        let setup = 2 * startSeconds + (trials.first?.setupSeconds ?? 0)
        let join = DiskTrial.secondsPerByte * (2 * picture + other)
        let seconds = setup + arithmetic.pictureSeconds + (sound?.seconds ?? 0) + join
        return PlanEstimate(
            frames: survey.frameCount, seconds: .init(seconds, within: arithmetic.doubt), setupSeconds: setup,
            pictureSeconds: arithmetic.pictureSeconds, soundSeconds: sound?.seconds ?? 0, joinSeconds: join,
            outputBytes: .init(picture + other, within: arithmetic.sizeDoubt),
            scratchBytes: (treatsPicture ? picture : 0) + (sound?.scratchBytes ?? 0),
            memoryBytes: max(arithmetic.memoryBytes, sound?.peakResidentBytes ?? 0),
            freeBytes: DiskTrial.freeBytes(beside: input))
    }

    private func draw(_ telling: [TellingFrame], _ trials: [TrialResult], to path: String) async throws {
        var rows: [PlanSheet.Row] = []
        for (frame, trial) in zip(telling, trials) {
            if let before = trial.before, let after = trial.after {
                rows.append(.init(telling: frame, before: before, after: after))
            }
        }
        guard let format = trials.first?.format, !rows.isEmpty else {
            throw RestorationError(
                .frameFailed, "Cannot make a sheet of '\(input)': none of its telling frames came out of the trial.")
        }
        let words = treatment.pictureWords
        let showsWhole = treatment.color != nil
        let picture = try await Worker(name: "sheet") { [rows] in
            try PlanSheet(format: format, words: words, showsWhole: showsWhole).draw(rows)
        }.run { $0 }
        _ = try StillWriter.write(picture, to: path, options: StillWriteOptions(quality: 90), overwrite: overwrite)
    }

    /// Where the sheet goes, checked before anything slow.
    private func target() throws -> String {
        let path = sheet ?? Self.freeName(beside: input)
        try StillWriter.check(path: path, inputs: [input], overwrite: overwrite)
        return path
    }

    /// `film.mkv.plan.jpg`, or `film.mkv.plan-2.jpg` where that exists.
    static func freeName(beside input: String) -> String {
        let first = input + ".plan.jpg"
        guard FileManager.default.fileExists(atPath: first) else { return first }
        var number = 2
        while FileManager.default.fileExists(atPath: "\(input).plan-\(number).jpg") { number += 1 }
        return "\(input).plan-\(number).jpg"
    }
}
