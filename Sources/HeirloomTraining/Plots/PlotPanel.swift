import Foundation

/// A diagram: axes, marks, lines and a legend, as SVG.
struct PlotPanel {
    var title: String
    var horizontal: String
    var series: [PlotSeries]
    var isLogarithmic = false
    var isHorizontallyLogarithmic = false
    /// Horizontal values that have a place whether a line reaches them or not, for diagrams that stand above each
    /// other.
    var reach: [Double] = []
    /// Vertical lines with a word each.
    var rulers: [(x: Double, text: String)] = []
    /// A point to look at.
    var highlight: (x: Double, y: Double, text: String)?
    var height = 240.0

    static let width = 960.0
    private static let (left, right, top, bottom) = (72.0, 24.0, 34.0, 44.0)

    /// The elements of the diagram, moved down the page.
    func svg(y offset: Double) -> String {
        let drawn = series.map { $0.thinned() }
        let horizontalAxis = PlotAxis(
            drawn.flatMap { $0.points.map(\.x) } + reach, isLogarithmic: isHorizontallyLogarithmic, padded: false,
            from: Self.left, to: Self.width - Self.right)
        let verticalAxis = PlotAxis(
            drawn.flatMap { $0.points.map(\.y) }, isLogarithmic: isLogarithmic, padded: true,
            from: height - Self.bottom, to: Self.top)
        var parts = ["<g transform=\"translate(0 \(Self.number(offset)))\">"]
        parts.append(Self.text(title, x: Self.left, y: 20, "font-size=\"15\" font-weight=\"bold\""))
        parts += grid(horizontalAxis, verticalAxis)
        parts += rulers.flatMap { ruler in
            horizontalAxis.place(ruler.x).map { x in
                [
                    "<line x1=\"\(Self.number(x))\" x2=\"\(Self.number(x))\" y1=\"\(Self.number(Self.top))\" "
                        + "y2=\"\(Self.number(height - Self.bottom))\" stroke=\"#888\" stroke-dasharray=\"4 3\"/>",
                    Self.text(ruler.text, x: x + 4, y: Self.top + 12, "fill=\"#555\""),
                ]
            } ?? []
        }
        for line in drawn { parts += draw(line, horizontalAxis, verticalAxis) }
        if let highlight, let x = horizontalAxis.place(highlight.x), let y = verticalAxis.place(highlight.y) {
            parts.append(
                "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"6\" fill=\"none\" stroke=\"#d55e00\" "
                    + "stroke-width=\"2.5\"/>")
            let isRight = x > Self.width * 0.7
            parts.append(
                Self.text(
                    highlight.text, x: x + (isRight ? -10 : 10), y: y - 10,
                    "fill=\"#d55e00\" font-weight=\"bold\"" + (isRight ? " text-anchor=\"end\"" : "")))
        }
        return (parts + legend + ["</g>"]).joined(separator: "\n")
    }

    private func grid(_ horizontal: PlotAxis, _ vertical: PlotAxis) -> [String] {
        let (low, high) = (height - Self.bottom, Self.top)
        var parts: [String] = []
        for mark in vertical.marks {
            guard let y = vertical.place(mark.value) else { continue }
            parts.append(
                "<line x1=\"\(Self.number(Self.left))\" x2=\"\(Self.number(Self.width - Self.right))\" y1=\"\(Self.number(y))\" "
                    + "y2=\"\(Self.number(y))\" stroke=\"#e4e4e4\"/>")
            parts.append(Self.text(mark.text, x: Self.left - 8, y: y + 4, "text-anchor=\"end\""))
        }
        for mark in horizontal.marks {
            guard let x = horizontal.place(mark.value) else { continue }
            parts.append(
                "<line x1=\"\(Self.number(x))\" x2=\"\(Self.number(x))\" y1=\"\(Self.number(low))\" y2=\"\(Self.number(low + 5))\" "
                    + "stroke=\"#444\"/>")
            parts.append(Self.text(mark.text, x: x, y: low + 18, "text-anchor=\"middle\""))
        }
        parts.append(
            "<polyline points=\"\(Self.number(Self.left)),\(Self.number(high)) \(Self.number(Self.left)),\(Self.number(low)) "
                + "\(Self.number(Self.width - Self.right)),\(Self.number(low))\" fill=\"none\" stroke=\"#444\"/>")
        let middle = (Self.left + Self.width - Self.right) / 2
        parts.append(Self.text(self.horizontal, x: middle, y: height - 8, "text-anchor=\"middle\" fill=\"#555\""))
        return parts
    }

    private func draw(_ series: PlotSeries, _ horizontal: PlotAxis, _ vertical: PlotAxis) -> [String] {
        // A value without a place interrupts the line.
        var pieces: [[String]] = [[]]
        var dots: [String] = []
        for point in series.points {
            guard let x = horizontal.place(point.x), let y = vertical.place(point.y) else {
                pieces.append([])
                continue
            }
            pieces[pieces.count - 1].append("\(Self.number(x)),\(Self.number(y))")
            if series.style == .dots || series.points.count == 1 {
                dots.append(
                    "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"3\" fill=\"\(series.color)\"/>")
            }
        }
        let look = series.style == .raw ? "stroke-width=\"1\" stroke-opacity=\"0.3\"" : "stroke-width=\"2\""
        let lines = pieces.filter { $0.count > 1 }.map {
            "<polyline points=\"\($0.joined(separator: " "))\" fill=\"none\" stroke=\"\(series.color)\" "
                + "stroke-linejoin=\"round\" \(look)/>"
        }
        return lines + dots
    }

    /// The names at the right of the title, each after a piece of its line.
    private var legend: [String] {
        var right = Self.width - Self.right
        return series.filter { $0.name != nil }.reversed().flatMap { series -> [String] in
            let name = series.name ?? ""
            let start = right - Double(name.count) * 7 - 34
            defer { right = start - 14 }
            let opacity = series.style == .raw ? " stroke-opacity=\"0.3\"" : ""
            return [
                "<line x1=\"\(Self.number(start))\" x2=\"\(Self.number(start + 22))\" y1=\"16\" y2=\"16\" "
                    + "stroke=\"\(series.color)\" stroke-width=\"3\"\(opacity)/>",
                Self.text(name, x: start + 28, y: 20),
            ]
        }
    }

    static func text(_ words: String, x: Double, y: Double, _ attributes: String = "") -> String {
        var escaped = ""
        for character in words {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            // XML knows no other control characters, not even escaped.
            case _ where character.unicodeScalars.contains { $0.value < 0x20 }: escaped += " "
            default: escaped.append(character)
            }
        }
        return
            "<text x=\"\(number(x))\" y=\"\(number(y))\"\(attributes.isEmpty ? "" : " " + attributes)>\(escaped)</text>"
    }

    private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
