import Foundation
import HeirloomMedia

extension SoundStep {
    /// The sound of a film, cleaned; the old track is kept behind it.
    ///
    /// The whole sound is cleaned, also for a piece of a film: joining cuts it.
    static func cleaned(_ input: String, settings: CleanSettings) -> SoundStep {
        // Lossless, and half the size of plain samples.
        SoundStep(ending: "flac") {
            _ = try AudioReader(contentsOf: URL(fileURLWithPath: input))
        } make: { path, monitor in
            var settings = settings
            (settings.from, settings.to) = (nil, nil)
            (settings.keepsRemoved, settings.alignsOnly, settings.report) = (false, false, nil)
            settings.overwrite = true
            let report = try await CleanJob(inputs: [input], output: path, settings: settings).run(monitor: monitor)
            let network = report.model.map { " by \($0)" } ?? ""
            return ["The sound was cleaned\(network); the original is kept as another track."]
                + report.notes.map { "Sound: \($0)." }
        } place: {
            NewSound(path: $0)
        }
    }
}

extension FilmJob {
    /// Colours a film, enlarges it and cleans its sound in one pass: what is nil is left out.
    ///
    /// - Precondition: the picture is coloured, enlarged or both.
    public static func restore(
        _ input: String, to output: String, color: ColorSettings? = nil, upscale: UpscaleSettings? = nil,
        clean: CleanSettings? = nil, film: FilmSettings = FilmSettings()
    ) -> FilmJob {
        FilmJob(
            JobDescription(
                kind: .restore, input: input, output: output, color: color, upscale: upscale, clean: clean, film: film))
    }
}
