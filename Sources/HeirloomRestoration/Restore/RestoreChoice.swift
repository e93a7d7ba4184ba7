import Foundation
import HeirloomMedia
import HeirloomWorkers

/// What restoring does with a film when nobody says, and why.
public struct RestoreChoice: Sendable, Hashable, Codable {
    /// What is done.
    public var treatments: RestoreTreatments
    /// A sentence for each treatment, done or not.
    public var reasons: [String]

    /// Lines below which a film is enlarged.
    static let fewLines = 720

    /// A choice from its parts.
    public init(treatments: RestoreTreatments, reasons: [String]) {
        self.treatments = treatments
        self.reasons = reasons
    }

    /// Looks at a film here and there and listens to it: seconds, however long it is; the same film gives the same choice.
    ///
    /// - Throws: what reading the film throws; `CancellationError` when stopped.
    public static func make(
        for path: String, film: FilmSettings = FilmSettings(), monitor: JobMonitor = JobMonitor()
    ) async throws -> RestoreChoice {
        try await withTaskCancellationHandler {
            let worker = try await Worker(name: "look") { path }
            return try await worker.run { path in
                let check = { try monitor.flag.check() }
                let tone = try FilmTone.look(at: path, options: film.readerOptions, check: check)
                let reader = try VideoReader(path: path, options: film.readerOptions)
                return try make(
                    tone: tone, width: reader.format.width, height: reader.format.height,
                    sound: SoundEvidence.listen(to: path, check: check))
            }
        } onCancel: {
            monitor.cancel()
        }
    }

    /// The choice for what was seen and heard.
    static func make(tone: FilmTone, width: Int, height: Int, sound: SoundEvidence) -> RestoreChoice {
        var choice = RestoreChoice(treatments: [], reasons: [])
        let color = reason(tone)
        choice.add(.color, color.isChosen, color.reason)
        let lines = min(width, height)
        choice.add(
            .upscale, lines < fewLines,
            lines < fewLines
                ? "It has \(lines) lines, so it is enlarged to twice that."
                : "It has \(lines) lines, so it keeps its size.")
        let clean = reason(sound)
        choice.add(.clean, clean.isChosen, clean.reason)
        if choice.treatments.isEmpty {
            choice.reasons.append("So there is nothing to do; name what shall be done all the same.")
        }
        return choice
    }

    private mutating func add(_ treatment: RestoreTreatments, _ isChosen: Bool, _ reason: String) {
        if isChosen { treatments.insert(treatment) }
        reasons.append(reason)
    }

    private static func reason(_ tone: FilmTone) -> (isChosen: Bool, reason: String) {
        switch tone {
        case .grey: (true, "It has no colour anywhere, so it is coloured.")
        case .toned: (true, "It has one weak tone all over, as a yellowed print has, so it is coloured.")
        case .tinted:
            (false, "It is tinted, which may be meant, so its tints stay; --colorize puts colours in their place.")
        case .colored(let places, let count):
            (
                false,
                places == count
                    ? "It has colours, which stay as they are."
                    : "It has colours in \(places) of \(count) places, so it is not coloured; --colorize does it all the same."
            )
        case .unknown: (false, "Nothing certain can be said of its colours, so they stay as they are.")
        }
    }

    private static func reason(_ sound: SoundEvidence) -> (isChosen: Bool, reason: String) {
        switch sound {
        case .none: (false, "It has no sound to clean.")
        case .music: (false, "Its sound is mostly music, which is left alone.")
        case .speech(let clarity, let hum):
            if hum {
                (true, "The mains hum in its sound, so that is cleaned; the original stays as another track.")
            } else if clarity < SoundEvidence.clear {
                (true, "There is noise in its sound, so that is cleaned; the original stays as another track.")
            } else {
                (false, "Its sound is clear and is copied.")
            }
        }
    }
}
