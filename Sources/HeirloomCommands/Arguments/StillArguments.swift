import ArgumentParser
import HeirloomMedia
import HeirloomRestoration

/// How pictures are written.
struct StillArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Quality of JPEG, WebP, HEIF and AVIF pictures, 1...100.", valueName: "percent"))
    var pictureQuality = 95

    func validate() throws {
        guard (1...100).contains(pictureQuality) else {
            throw ValidationError("--picture-quality \(pictureQuality) is outside 1...100.")
        }
    }

    /// The settings of a still job.
    func settings(overwrite: Bool) -> StillSettings {
        var settings = StillSettings()
        settings.writing.quality = pictureQuality
        settings.overwrite = overwrite
        return settings
    }
}
