/// One line of a diagram.
struct PlotSeries {
    /// How a series is drawn.
    enum Style: Equatable {
        /// A thin, pale line: what was measured.
        case raw
        /// A line.
        case line
        /// A line with a dot at every point: few points.
        case dots
    }

    /// What the legend says; nil leaves it out.
    var name: String?
    var points: [(x: Double, y: Double)]
    var color: String
    var style = Style.line

    /// Colours that can be told apart, also by colour-blind eyes (Okabe & Ito 2008).
    static let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]

    /// A colour for each number.
    static func color(_ index: Int) -> String { colors[index % colors.count] }

    /// At most `count` points: means of neighbours.
    func thinned(to count: Int = 1500) -> PlotSeries {
        guard points.count > count else { return self }
        var result = self
        result.points = (0..<count).map { index in
            let part = points[(index * points.count / count)..<((index + 1) * points.count / count)]
            let n = Double(part.count)
            return (part.reduce(0) { $0 + $1.x } / n, part.reduce(0) { $0 + $1.y } / n)
        }
        return result
    }
}
