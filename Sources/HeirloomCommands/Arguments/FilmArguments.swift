public import ArgumentParser
public import HeirloomMedia
import HeirloomRestoration

extension VideoCodec: ExpressibleByArgument {}
extension FieldHandling: ExpressibleByArgument {}

/// How a film is read and written.
struct FilmArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Codec of the film; ffv1 and prores for archives (.mkv, .mov).", valueName: "codec"))
    var codec = VideoCodec.h264

    @Option(
        help: ArgumentHelp(
            "Quality of h264 and h265: 0 is best, 51 smallest; 16 when nothing is said.", valueName: "crf"))
    var quality: Int?

    @Option(help: ArgumentHelp("Speed of h264 and h265: ultrafast … veryslow.", valueName: "name"))
    var preset: String?

    @Option(help: ArgumentHelp("Interlaced film: found out, kept, or treated as said.", valueName: "how"))
    var fields = FieldHandling.detect

    @Option(help: ArgumentHelp("Start of a trial piece, as 83.5, 1:23.5 or 0:01:23.5.", valueName: "time"))
    var from: TimeArgument?

    @Option(help: ArgumentHelp("Length of a trial piece, written like --from.", valueName: "time"))
    var limit: TimeArgument?

    /// The settings of a film job, with what long jobs have besides.
    func settings(overwrite: Bool, _ long: FilmJobArguments) throws -> FilmSettings {
        var settings = try settings(overwrite: overwrite)
        long.apply(to: &settings)
        return settings
    }

    /// The settings of a film job.
    func settings(overwrite: Bool) throws -> FilmSettings {
        if let quality, !(0...51).contains(quality) {
            throw ValidationError("--quality \(quality) is outside 0...51.")
        }
        var settings = FilmSettings()
        settings.encoding.codec = codec
        settings.encoding.quality = quality
        settings.encoding.preset = preset
        settings.fields = fields
        settings.from = from?.time
        settings.limit = limit?.time
        settings.overwrite = overwrite
        return settings
    }
}

/// A time or length on the command line: seconds, or hours and minutes before a colon.
struct TimeArgument: ExpressibleByArgument {
    let time: MediaTime

    init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count) else { return nil }
        var seconds = 0.0
        for (index, part) in parts.enumerated() {
            guard let value = Double(part), value.isFinite, value >= 0, index == 0 || value < 60 else { return nil }
            seconds = seconds * 60 + value
        }
        guard seconds <= 1_000_000 else { return nil }
        time = MediaTime(seconds: seconds)
    }

    var defaultValueDescription: String { "\(time.seconds)" }
}
