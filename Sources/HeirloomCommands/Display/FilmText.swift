import Foundation
import HeirloomMedia

/// A film's summary as lines for a person.
enum FilmText {
    static func describe(_ film: MediaSummary) -> String {
        var lines = [film.path]
        var head = [film.container, size(film.byteCount)]
        if let duration = film.duration { head.append(clock(duration)) }
        if let rate = film.bitRate { head.append("\(rate / 1000) kbit/s") }
        lines.append("  " + head.joined(separator: ", "))
        for stream in film.streams { lines += describe(stream, isFilm: stream.index == film.filmIndex) }
        for (number, chapter) in film.chapters.enumerated() {
            lines.append("  chapter \(number + 1): \(clock(chapter.start)) – \(clock(chapter.end))  \(chapter.title)")
        }
        for (key, value) in film.metadata.sorted(by: { $0.key < $1.key }) { lines.append("  \(key): \(value)") }
        if film.filmIndex == nil { lines.append("  There is no film in it that could be coloured.") }
        return lines.joined(separator: "\n")
    }

    private static func describe(_ stream: StreamSummary, isFilm: Bool) -> [String] {
        var facts = [stream.codec + (stream.profile.map { " (\($0))" } ?? "")]
        if let picture = stream.picture { facts += describe(picture) }
        if let sound = stream.sound { facts += ["\(sound.sampleRate) Hz", sound.channelLayout] }
        if let language = stream.language { facts.append(language) }
        if let title = stream.title { facts.append("“\(title)”") }
        facts += stream.dispositions
        var lines = [
            "  \(stream.index): \(stream.kind.rawValue)\(isFilm ? " (the film)" : ""): " + facts.joined(separator: ", ")
        ]
        if let picture = stream.picture, stream.kind == .video {
            lines.append("     colour: \(picture.color.names)")
            if let note = picture.colorNote { lines.append("     note: \(note)") }
        }
        return lines
    }

    private static func describe(_ picture: PictureSummary) -> [String] {
        var facts = ["\(picture.width) × \(picture.height)", picture.pixelFormat, "\(picture.bitDepth) bit"]
        if picture.sampleAspectRatio != Rational(1, 1) {
            let (sample, display) = (picture.sampleAspectRatio, picture.displayAspectRatio)
            facts.append(
                "shown as \(display.numerator):\(display.denominator) (samples \(sample.numerator):\(sample.denominator))"
            )
        }
        if let rate = picture.averageFrameRate { facts.append(String(format: "%.4g frames/s", rate.doubleValue)) }
        if picture.isVariableFrameRate { facts.append("variable frame rate") }
        if picture.orientation != "left as it is" { facts.append("to be \(picture.orientation)") }
        if picture.fieldOrder != "progressive" && picture.fieldOrder != "unknown" {
            facts.append("interlaced, \(picture.fieldOrder)")
        }
        return facts
    }

    private static func size(_ bytes: Int64) -> String {
        bytes >= 1 << 30
            ? String(format: "%.1f GB", Double(bytes) / 1e9) : String(format: "%.1f MB", Double(bytes) / 1e6)
    }

    private static func clock(_ time: MediaTime) -> String {
        let total = time.seconds
        let minutes = Int(total) / 60
        return String(format: "%d:%02d:%06.3f", minutes / 60, minutes % 60, total - Double(minutes * 60))
    }
}
