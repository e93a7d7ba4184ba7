import Foundation
import HeirloomMedia

/// `heirloom restore`: picture and sound of a film in one pass, with one decoding and one encoding of the picture.
///
/// ```swift
/// let report = try await RestoreJob(input: "wedding.avi", output: "wedding.mkv").run()
/// ```
///
/// Colours come before size: to the eye the result is the same (the two orders agree to 44 dB and more in chroma, and of
/// a film whose colours are known this one is nearer by a tenth of a dB), in 5 to 9 % less of the processor's time.
/// The cleaned sound takes the place of the old one, which is kept behind it.
public struct RestoreJob: Sendable {
    /// The film to read.
    public let input: String
    /// The film to write.
    public let output: String
    /// What is done; nil to choose by what the film is.
    public let treatments: RestoreTreatments?
    /// How it is coloured, if it is.
    public let color: ColorSettings
    /// How it is enlarged, if it is.
    public let upscale: UpscaleSettings
    /// How its sound is cleaned, if it is.
    public let clean: CleanSettings
    /// How it is read and written.
    public let film: FilmSettings

    /// A job.
    public init(
        input: String, output: String, treatments: RestoreTreatments? = nil, color: ColorSettings = ColorSettings(),
        upscale: UpscaleSettings = UpscaleSettings(), clean: CleanSettings = CleanSettings(),
        film: FilmSettings = FilmSettings()
    ) {
        self.input = input
        self.output = output
        self.treatments = treatments
        self.color = color
        self.upscale = upscale
        self.clean = clean
        self.film = film
    }

    /// Does it.
    ///
    /// - Parameters:
    ///   - choice: what ``RestoreChoice/make(for:film:monitor:)`` gave; made anew when nil and nobody says what to do.
    ///   - monitor: shows the progress, says what was chosen and why, and stops the job.
    /// - Throws: as ``FilmJob`` and ``CleanJob``; `badRequest` where only the sound of a piece or of a share
    ///   is to be cleaned.
    public func run(choice: RestoreChoice? = nil, monitor: JobMonitor = JobMonitor()) async throws -> RestoreReport {
        var chosen = choice
        if treatments == nil, chosen == nil {
            chosen = try await RestoreChoice.make(for: input, film: film, monitor: monitor)
        }
        let treatments = self.treatments ?? chosen?.treatments ?? []
        if self.treatments == nil { chosen?.reasons.forEach(monitor.tell) } else { chosen = nil }
        var report = RestoreReport(choice: chosen, treatments: treatments, film: nil, sound: nil, notes: [])
        if treatments.isDisjoint(with: [.color, .upscale]) {
            if treatments.contains(.clean) { (report.sound, report.notes) = try await cleanAlone(monitor) }
            return report
        }
        report.film = try await job(treatments).run(monitor: monitor)
        return report
    }

    /// The job for the picture, and for the sound with it.
    ///
    /// - Precondition: the picture is coloured, enlarged or both.
    public func job(_ treatments: RestoreTreatments) -> FilmJob {
        precondition(!treatments.isDisjoint(with: [.color, .upscale]), "a film job without a treatment of the picture")
        return FilmJob.restore(
            input, to: output, color: treatments.contains(.color) ? color : nil,
            upscale: treatments.contains(.upscale) ? upscale : nil, clean: treatments.contains(.clean) ? clean : nil,
            film: film)
    }

    /// Only the sound is treated: the picture is copied packet for packet.
    private func cleanAlone(_ monitor: JobMonitor) async throws -> (CleanReport, [String]) {
        guard film.from == nil, film.limit == nil else {
            throw RestorationError(
                .badRequest,
                "Only the sound of '\(input)' needs work, and a piece of a film cannot be cut without coding its picture anew; leave the piece out, or say what shall be done with the picture."
            )
        }
        guard film.shard == nil else {
            throw RestorationError(
                .badRequest,
                "Only the sound of '\(input)' needs work, and sound is not divided into shares; do it without --shard, on one machine."
            )
        }
        let target = URL(fileURLWithPath: output)
        try FilmSound.check(output: target, inputs: [URL(fileURLWithPath: input)], overwrite: film.overwrite)
        let hidden = OutputCheck.folder(of: output) + "/.heirloom-\(UUID().uuidString).flac"
        defer { unlink(hidden) }
        var settings = clean
        (settings.keepsRemoved, settings.alignsOnly, settings.report) = (false, false, nil)
        var report = try await CleanJob(inputs: [input], output: hidden, settings: settings).run(monitor: monitor)
        let notes = try FilmSound.replaceSound(
            of: URL(fileURLWithPath: input), with: URL(fileURLWithPath: hidden), to: target, keepOriginal: true,
            overwrite: film.overwrite)
        report.outputs = [output]
        return (report, notes)
    }
}
