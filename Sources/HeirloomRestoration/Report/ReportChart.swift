/// A chart of a measure over the length of a film: two curves drawn as SVG that stretches with the page, its numbers beside
/// it as text that does not.
struct ReportChart {
    /// What is measured.
    let title: String
    /// What it says and how it is measured.
    let explanation: String
    /// The curves.
    let curves: FilmComparison.Curves
    /// How long the film is, in seconds.
    let length: Double
    /// When shots begin, in seconds.
    let cuts: [Double]
    /// Digits behind the point.
    let digits: Int

    private static let width = 1000.0, height = 200.0

    /// The chart.
    var html: String {
        guard let before = curves.input.mean, let after = curves.output.mean else {
            return "<figure class=\"chart\"><figcaption><h3>\(HTML.text(title))</h3><p>\(HTML.text(explanation))</p>"
                + "</figcaption><p class=\"quiet\">Too few frames keep still to measure it.</p></figure>"
        }
        let top = Self.ceiling(max(curves.input.largest ?? 0, curves.output.largest ?? 0))
        let digits = top < 5 ? max(digits, 1) : 0
        let numbers = [top, top / 2, 0].map { "<span>\(ReportNumbers.fixed($0, digits))</span>" }.joined()
        let times = [0, 0.25, 0.5, 0.75, 1].map { "<span>\(time($0 * length))</span>" }.joined()
        let (first, second) = (ReportNumbers.fixed(before, self.digits), ReportNumbers.fixed(after, self.digits))
        let description = "\(title) over the film. On average \(first) before and \(second) after."
        return """
            <figure class="chart">
            <figcaption><h3>\(HTML.text(title))</h3><p>\(HTML.text(explanation))</p></figcaption>
            <div class="plot"><div class="up" aria-hidden="true">\(numbers)</div>\
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" preserveAspectRatio="none" role="img" \
            aria-label="\(HTML.plain(description))">\
            \(grid)\(marks)\(area(curves.output, top))\
            <path class="before" d="\(line(curves.input, top))"/><path class="after" d="\(line(curves.output, top))"/>\
            </svg><div class="along" aria-hidden="true">\(times)</div></div>
            <p class="key"><span class="before">before: \(first)</span> <span class="after">after: \(second)</span> \
            <span class="quiet">on average</span></p>
            </figure>
            """
    }

    private var grid: String {
        [0.5, 0.25, 0.75].map { share in
            let y = Int(share * Self.height)
            return "<line class=\"grid\" x1=\"0\" x2=\"\(Int(Self.width))\" y1=\"\(y)\" y2=\"\(y)\"/>"
        }.joined()
    }

    /// Where shots begin; not more than can be told apart.
    private var marks: String {
        guard cuts.count <= 150 else { return "" }
        return cuts.dropFirst().map { cut in
            let x = Self.number(place(cut))
            return "<line class=\"cut\" x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"\(Int(Self.height))\"/>"
        }.joined()
    }

    private func line(_ curve: MeasureCurve, _ top: Double) -> String {
        var path = ""
        var isDrawing = false
        for point in curve.points {
            guard let point else {
                isDrawing = false
                continue
            }
            let place = "\(Self.number(self.place(point.seconds))) \(Self.number(level(point.mean, top)))"
            // A point without neighbours would be invisible.
            path += isDrawing ? "L\(place)" : "M\(place)h0.01"
            isDrawing = true
        }
        return path
    }

    /// From the smallest to the largest value of each step.
    private func area(_ curve: MeasureCurve, _ top: Double) -> String {
        let runs = curve.points.split(separator: nil).map { $0.compactMap { $0 } }.filter { $0.count > 1 }
        guard curve.points.contains(where: { ($0?.count ?? 0) > 1 }) else { return "" }
        return runs.map { run in
            let edge = run.map { ($0.seconds, $0.high) } + run.reversed().map { ($0.seconds, $0.low) }
            let places = edge.map { "\(Self.number(place($0.0))) \(Self.number(level($0.1, top)))" }
            return "<path class=\"range\" d=\"M\(places.joined(separator: "L"))Z\"/>"
        }.joined()
    }

    /// A moment on the axis; whole seconds would come twice on that of a short film.
    private func time(_ seconds: Double) -> String {
        length < 8 ? "\(ReportNumbers.fixed(seconds, 1)) s" : ReportNumbers.clock(seconds)
    }

    private func place(_ seconds: Double) -> Double { length > 0 ? min(seconds / length, 1) * Self.width : 0 }

    private func level(_ value: Double, _ top: Double) -> Double { Self.height * (1 - min(value / top, 1)) }

    private static func number(_ value: Double) -> String { ReportNumbers.fixed(value, 1) }

    /// The next round number above.
    static func ceiling(_ value: Double) -> Double {
        var unit = 0.1
        while true {
            for factor in [1.0, 2, 4, 6, 8] where value <= factor * unit { return factor * unit }
            unit *= 10
        }
    }
}
