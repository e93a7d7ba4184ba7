import HeirloomMedia

extension FilmReportPage {
    /// What both files say about themselves.
    var streams: String? {
        let groups = StreamTable(comparison.input, comparison.output).groups
        let folded = groups.map { group in
            let differing = group.rows.filter { $0.verdict != .same }.count
            let words =
                differing == 0
                ? "all as it was" : "\(ReportNumbers.count(differing, "entry differs", "entries differ"))"
            return """
                <details\(group.title == "The picture" ? " open" : "")><summary>\(HTML.text(group.title)) \
                <span class="quiet">\(words)</span></summary>
                <table><caption><span class="unseen">\(HTML.text(group.title)) in both files</span></caption>
                <thead><tr><th scope="col">what</th><th scope="col">before</th><th scope="col">after</th>\
                <th scope="col">compared</th></tr></thead>
                <tbody>\(group.rows.map(row).joined(separator: "\n"))</tbody></table></details>
                """
        }
        return HTML.section("streams", "What is in the two files", folded)
    }

    private func row(_ row: StreamTable.Row) -> String {
        func cell(_ value: String?, _ name: String) -> String {
            "<td data-of=\"\(name)\">\(value.map { HTML.foreign($0) } ?? "<span class=\"quiet\">nothing</span>")</td>"
        }
        let verdict = row.verdict
        return "<tr><th scope=\"row\">\(HTML.foreign(row.name))</th>\(cell(row.before, "before"))"
            + "\(cell(row.after, "after"))<td data-of=\"compared\""
            + "\(verdict == .same ? "" : " class=\"changed\"")>\(verdict.rawValue)</td></tr>"
    }

    /// When picture and sound begin and how long they are.
    var sound: String? {
        func cells(_ value: Double?) -> String { value.map { ReportNumbers.milliseconds($0) } ?? "none" }
        let isPiece = comparison.isPiece
        let inputSound = isPiece ? nil : comparison.inputSound
        let rows: [(String, Double?, Double?)] = [
            ("picture begins at", comparison.inputPicture.start, comparison.outputPicture.start),
            ("picture lasts", comparison.inputPicture.length, comparison.outputPicture.length),
            ("sound begins at", inputSound?.start, comparison.outputSound?.start),
            ("sound lasts", inputSound?.length, comparison.outputSound?.length),
            ("sound begins after the picture by", comparison.inputSoundOffset, comparison.outputSoundOffset),
        ]
        let body = rows.map { name, before, after in
            let difference = before.flatMap { before in after.map { $0 - before } }
            return "<tr><th scope=\"row\">\(name)</th><td data-of=\"before\">\(cells(before))</td>"
                + "<td data-of=\"after\">\(cells(after))</td><td data-of=\"difference\">"
                + "\(difference.map { ReportNumbers.milliseconds($0) } ?? "–")</td></tr>"
        }
        let piece =
            isPiece
            ? [
                "<p>The result was made of a piece of the source, so the clock of the source says nothing about its sound.</p>"
            ]
            : []
        return HTML.section(
            "sound", "Picture and sound together",
            piece + [
                """
                <table><caption>On the clock of each file. The picture was measured frame by frame; the sound is the track \
                that players choose.</caption>
                <thead><tr><th scope="col">what</th><th scope="col">before</th><th scope="col">after</th>\
                <th scope="col">difference</th></tr></thead><tbody>\(body.joined(separator: "\n"))</tbody></table>
                """
            ])
    }

    /// What became of each frame, by number.
    var frames: String? {
        let untreated = untreated
        let treated = max(0, report.frames - untreated.count)
        let fields = [("fields", "The source is made of fields; a whole frame was computed of each pair.")]
        return HTML.section(
            "frames", "Frame by frame",
            [
                HTML.facts(
                    (comparison.isDeinterlaced ? fields : []) + [
                        ("frames in the source", ReportNumbers.count(comparison.frames + comparison.missing.count)),
                        ("frames in the result", ReportNumbers.count(comparison.frames + comparison.extra.count)),
                        ("treated", ReportNumbers.count(treated)),
                        ("damaged in the source", list(comparison.damaged)),
                        ("not treated", list(untreated)),
                        ("missing from the result", list(comparison.missing)),
                        ("in the result only", list(comparison.extra)),
                    ]), "<p class=\"quiet\">Frames are numbered from 0.</p>",
            ])
    }

    /// Numbers of frames; long lists are folded.
    private func list(_ frames: FrameNumbers) -> String {
        guard !frames.isEmpty else { return "none" }
        guard frames.runs.count > 12 else { return "\(ReportNumbers.count(frames.count)): number \(frames)" }
        return "<details><summary>\(ReportNumbers.count(frames.count)), listed here</summary><p>\(frames)</p></details>"
    }

    /// By what, with what, where and how long.
    var making: String? {
        var rows: [(String, String)] = facts.weights.map { weights in
            let name = weights.task.isEmpty ? "weights" : "weights to \(weights.task)"
            var html = HTML.foreign(weights.name)
            if !weights.licence.isEmpty {
                html += "<br><span class=\"quiet\">Licence:</span> \(HTML.foreign(weights.licence))"
            }
            if !weights.trainedOn.isEmpty {
                html += "<br><span class=\"quiet\">Made from:</span> \(HTML.foreign(weights.trainedOn))"
            }
            if !weights.sha256.isEmpty {
                html += "<br><span class=\"quiet\">SHA-256:</span> <code>\(HTML.text(weights.sha256))</code>"
            }
            return (name, html)
        }
        rows += facts.settings.map { ($0.name, HTML.foreign($0.value)) }
        if report.renderWidth > 0 {
            rows.append(
                (
                    "seen by the network",
                    "\(report.renderWidth) × \(report.renderHeight), \(HTML.text(report.precision)) on \(HTML.text(report.device))"
                ))
        }
        if report.seconds > 0 {
            let rate = ReportNumbers.fixed(report.framesPerSecond, 1)
            rows.append(("time of this run", "\(ReportNumbers.span(report.seconds)), \(rate) frames a second"))
        }
        if report.segments > 0 {
            let resumed =
                report.resumedSegments == 0
                ? "all in one run" : "\(report.resumedSegments) of them finished by an earlier run"
            rows.append(("done in", "\(ReportNumbers.count(report.segments, "segment", "segments")), \(resumed)"))
        }
        if let shard = report.shard { rows.append(("share", "\(shard.index) of \(shard.count)")) }
        rows.append(("machine", facts.machine.map { HTML.foreign($0) }.joined(separator: "<br>")))
        rows.append(("libraries", facts.libraries.map { HTML.foreign($0) }.joined(separator: "<br>")))
        return HTML.section("making", "How it was made", [HTML.facts(rows)])
    }
}
