import Foundation
import HeirloomMedia

extension FilmReportPage {
    /// The heading, and what matters most in a few lines.
    var header: String {
        let length = comparison.outputPicture.length
        let count = ReportNumbers.count(comparison.frames + comparison.extra.count, "frame", "frames")
        return """
            <header>
            <p class="over">Heirloom restoration report</p>
            <h1>\(HTML.foreign(Self.name(comparison.output.path)))</h1>
            <p class="lead">\(HTML.text(Self.capitalized(facts.deed))) from \
            \(HTML.foreign(Self.name(comparison.input.path))): \(count), \(ReportNumbers.span(length)) long, \
            \(comparison.outputFormat.width) × \(comparison.outputFormat.height).</p>
            <ul class="verdict">
            \(verdicts.map { "<li><b class=\"\($0.isGood ? "good" : "bad")\">\($0.isGood ? "✓" : "!")</b>\($0.html)</li>" }
                .joined(separator: "\n"))
            </ul>
            </header>
            """
    }

    /// The parts of the page in their order.
    var sections: [String] {
        [shots, curves, streams, sound, frames, making, notes].compactMap(\.self)
    }

    /// The end of the page.
    var footer: String {
        let date = facts.date.formatted(
            Date.FormatStyle(date: .long, time: .omitted, locale: Locale(identifier: "en_GB")))
        let version = facts.version.isEmpty ? "Heirloom" : "Heirloom \(facts.version)"
        return """
            <footer><p>Made by \(HTML.text(version)) on \(HTML.text(date)). The curves, pictures, times and tables were \
            measured from the two files themselves after the work was done. This page holds everything that it shows and \
            asks nothing of the network.</p></footer>
            """
    }

    private var verdicts: [(isGood: Bool, html: String)] {
        var result: [(Bool, String)] = []
        let count = ReportNumbers.count(comparison.frames, "frame", "frames")
        if comparison.isComplete {
            result.append((true, "All \(count) of the source are there, none is lost and none is made up."))
        } else {
            let lost = ReportNumbers.count(comparison.missing.count, "frame", "frames")
            let extra = ReportNumbers.count(comparison.extra.count, "frame", "frames")
            result.append((false, "\(lost) of the source missing from the result, \(extra) in it without a source."))
        }
        let difference = comparison.largestTimeDifference
        result.append(
            difference == 0
                ? (true, "Every frame is seen exactly when it was.")
                : (
                    difference < 0.001,
                    "No frame is seen more than \(ReportNumbers.fixed(difference * 1000, 3)) ms off its time."
                ))
        if comparison.startShift != 0, !comparison.isPiece {
            result.append(
                (
                    true,
                    "The film’s clock begins \(ReportNumbers.milliseconds(comparison.startShift)) later than it did."
                ))
        }
        if let before = comparison.inputSoundOffset, let after = comparison.outputSoundOffset {
            let moved = abs(after - before)
            result.append(
                (
                    moved < 0.001,
                    moved < 0.00005
                        ? "Sound and picture are together as they were."
                        : "The sound moved against the picture by \(ReportNumbers.milliseconds(after - before))."
                ))
        }
        if !untreated.isEmpty {
            let frames = ReportNumbers.count(untreated.count, "frame", "frames")
            result.append(
                (
                    false,
                    "\(frames) could not be treated and stayed as \(untreated.count == 1 ? "it was" : "they were")."
                ))
        }
        if !comparison.damaged.isEmpty {
            let frames = ReportNumbers.count(comparison.damaged.count, "frame", "frames")
            result.append((false, "\(frames) of the source \(comparison.damaged.count == 1 ? "is" : "are") damaged."))
        }
        return result
    }

    /// Frames that could not be treated and were passed on, because that was asked for.
    var untreated: FrameNumbers { FrameNumbers(report.untreatedFrameNumbers.sorted()) }

    private var shots: String? {
        guard !comparison.pictures.isEmpty else { return nil }
        let all = comparison.shots.count
        let pictures = affordable
        let shown = pictures.count
        let words =
            all == shown
            ? "\(ReportNumbers.count(all, "shot", "shots")), each with one of its frames."
            : "\(ReportNumbers.count(all, "shot", "shots")); \(shown) of them are shown, spread over the film."
        let items = pictures.map { picture in
            let time = ReportNumbers.clock(picture.seconds)
            func image(_ bytes: [UInt8], _ word: String) -> String {
                "<div>"
                    + HTML.jpeg(
                        bytes, width: picture.width, height: picture.height,
                        description: "Frame \(picture.frame) at \(time), \(word)")
                    + "<p>\(word)</p></div>"
            }
            return """
                <li><figure><figcaption>\(time) · frame \(ReportNumbers.count(picture.frame)), in a shot of \
                \(ReportNumbers.count(picture.shot.frameCount, "frame", "frames"))</figcaption>\
                <div class="pair">\(image(picture.before, "before"))\(image(picture.after, "after"))</div></figure></li>
                """
        }
        return HTML.section(
            "shots", "Before and after",
            ["<p class=\"quiet\">\(words)</p>", "<ol class=\"shots\">", items.joined(separator: "\n"), "</ol>"])
    }

    /// The pictures that fit on the page: every second, fourth … where all are too much.
    private var affordable: [ShotPicture] {
        var pictures = comparison.pictures
        func size() -> Int { pictures.reduce(0) { $0 + $1.before.count + $1.after.count } }
        // In base 64 three bytes are four; the rest of the page needs some room.
        while pictures.count > 1, size() * 4 / 3 > Self.budget * 4 / 5 {
            pictures = pictures.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        }
        return pictures
    }

    private var curves: String? {
        let cuts = comparison.shots.map(\.seconds)
        let length = comparison.outputPicture.length
        let charts = [
            ReportChart(
                title: "Colourfulness",
                explanation: "How much colour there is, after Hasler and Süsstrunk (2003): 0 is grey, 15 slightly, 33"
                    + " moderately and 59 quite colourful.",
                curves: comparison.colorfulness, length: length, cuts: cuts, digits: 1),
            ReportChart(
                title: "Flicker of colours",
                explanation: "How far the colours of places that keep still jump from frame to frame: the distance in"
                    + " CIELAB’s a*b* from the mean of the frames before and after. About 2.3 is just noticeable.",
                curves: comparison.colorFlicker, length: length, cuts: cuts, digits: 2),
            ReportChart(
                title: "Flicker of brightness",
                explanation: "The same for CIELAB’s L*, grain included. Colouring leaves brightness alone, so that both"
                    + " curves lie nearly together.",
                curves: comparison.brightnessFlicker, length: length, cuts: cuts, digits: 2),
        ]
        let words =
            cuts.count > 1 && cuts.count <= 150 ? "Thin upright lines are cuts. " : ""
        let area =
            [comparison.colorfulness.output.points, comparison.colorFlicker.output.points].joined()
                .contains { ($0?.count ?? 0) > 1 } ? "The tint reaches from the smallest to the largest value." : ""
        let legend = (words + area).isEmpty ? [] : ["<p class=\"quiet\">\(words)\(area)</p>"]
        return HTML.section("curves", "Over the length of the film", legend + charts.map(\.html))
    }

    private var notes: String? {
        let all = report.damage + report.notes
        guard !all.isEmpty else { return nil }
        return HTML.section(
            "notes", "What the job said", ["<ul>" + all.map { "<li>\(HTML.foreign($0))</li>" }.joined() + "</ul>"])
    }

    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
