import Foundation

/// A page of diagrams as an SVG file that needs nothing else: loss, its parts, rate and held-out measures over the
/// steps of a run, or the curve of a ``LearningRateFinder``.
public struct TrainingPlot: Sendable {
    /// The file's text.
    public let svg: String

    /// The course of a training, from its log. The steps of its phases follow one another; a dashed line is where a
    /// phase begins.
    /// - Parameter title: Above the diagrams.
    public init(_ lines: [TrainingLog.Line], title: String = "Training") {
        let starts = Self.starts(of: lines)
        func place(_ line: TrainingLog.Line) -> Double { Double(line.step) + (starts[line.phase] ?? 0) }
        let rulers = starts.sorted { $0.key < $1.key }.dropFirst().map { (x: $0.value, text: "phase \($0.key + 1)") }
        let training = lines.filter { $0.kind == .train }
        let phases = Dictionary(grouping: training, by: \.phase).sorted { $0.key < $1.key }.map(\.value)

        var loss = PlotPanel(title: "loss", horizontal: "step", series: [], rulers: rulers, height: 320)
        for (index, phase) in phases.enumerated() {
            let points = phase.map { (x: place($0), y: $0.loss ?? .nan) }
            let isFirst = index == 0
            loss.series.append(
                PlotSeries(name: isFirst ? "recorded" : nil, points: points, color: PlotSeries.color(0), style: .raw))
            loss.series.append(
                PlotSeries(name: isFirst ? "smoothed" : nil, points: Self.smoothed(points), color: PlotSeries.color(0)))
        }
        loss.isLogarithmic = Self.isWide(training.compactMap(\.loss))

        let names = Set(training.flatMap(\.figures.keys)).sorted()
        let parts = names.enumerated().flatMap { color, name in
            phases.enumerated().map { index, phase in
                let points = phase.compactMap { line in line.figures[name].map { (x: place(line), y: $0) } }
                let isFirst = phases[..<index].allSatisfy { $0.allSatisfy { $0.figures[name] == nil } }
                return PlotSeries(
                    name: isFirst && !points.isEmpty ? name : nil, points: Self.smoothed(points),
                    color: PlotSeries.color(color + 1))
            }
        }
        let rates = phases.map { phase in
            PlotSeries(points: phase.map { (place($0), $0.rate ?? .nan) }, color: PlotSeries.color(6))
        }
        var panels = training.isEmpty ? [] : [loss]
        if !names.isEmpty {
            let isWide = Self.isWide(parts.flatMap { $0.points.map(\.y) })
            panels.append(
                PlotPanel(
                    title: "parts of the loss, smoothed", horizontal: "step", series: parts, isLogarithmic: isWide,
                    rulers: rulers))
        }
        panels += Self.measures(lines.filter { $0.kind == .measure }, place: place, rulers: rulers)
        if !training.isEmpty {
            panels.append(
                PlotPanel(
                    title: "largest rate", horizontal: "step", series: rates,
                    isLogarithmic: Self.isWide(training.compactMap(\.rate)), rulers: rulers, height: 200))
        }
        let reach = lines.map(place)
        for index in panels.indices { panels[index].reach = [0, reach.max() ?? 1] }
        svg = Self.page(panels, title: title)
    }

    /// The curve of a search for a rate: the smoothed loss after each rate, and what it suggests.
    public init(_ result: LearningRateFinder.Result, title: String = "Search for a learning rate") {
        // Where the loss explodes it would press the valley flat.
        let highest = 2 * (result.losses.first ?? 0)
        let points = zip(result.rates, result.losses).map { (x: $0, y: $1) }.prefix { $0.y <= highest || highest <= 0 }
        var panel = PlotPanel(
            title: "smoothed loss", horizontal: "learning rate",
            series: [PlotSeries(points: Array(points), color: PlotSeries.color(0))],
            isHorizontallyLogarithmic: true, height: 420)
        if let rate = result.suggestion {
            let nearest = result.rates.indices.min {
                abs(log(result.rates[$0] / rate)) < abs(log(result.rates[$1] / rate))
            }
            panel.highlight = nearest.map { (rate, result.losses[$0], "suggested: \(PlotAxis.text(rate))") }
        }
        svg = Self.page([panel], title: title)
    }

    /// Writes the file, in one piece.
    /// - Throws: ``TrainingError`` when the disk refuses.
    public func write(to path: String) throws { try writeWhole(Data(svg.utf8), to: path) }

    /// Each measure has its own scale and so its own diagram.
    private static func measures(
        _ lines: [TrainingLog.Line], place: (TrainingLog.Line) -> Double, rulers: [(x: Double, text: String)]
    ) -> [PlotPanel] {
        Set(lines.flatMap(\.figures.keys)).sorted().enumerated().map { index, name in
            let points = lines.compactMap { line in line.figures[name].map { (x: place(line), y: $0) } }
            return PlotPanel(
                title: "held-out pictures: \(name)", horizontal: "step",
                series: [PlotSeries(points: points, color: PlotSeries.color(index + 2), style: .dots)], rulers: rulers,
                height: 180)
        }
    }

    /// Steps of the run before each phase.
    private static func starts(of lines: [TrainingLog.Line]) -> [Int: Double] {
        var (result, total): ([Int: Double], Double) = ([:], 0)
        for (phase, lines) in Dictionary(grouping: lines, by: \.phase).sorted(by: { $0.key < $1.key }) {
            result[phase] = total
            total += Double(lines.map(\.step).max() ?? 0)
        }
        return result
    }

    /// Whether values fill more than a factor of 20: then a straight scale would hide the small ones.
    private static func isWide(_ values: [Double]) -> Bool {
        let usable = values.filter(\.isFinite)
        guard let least = usable.min(), let most = usable.max(), least > 0 else { return false }
        return most > 20 * least
    }

    private static func smoothed(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        var smoothing = SmoothedLoss(beta: 1 - 1 / max(Double(points.count) / 25, 3))
        return points.filter(\.y.isFinite).map { ($0.x, smoothing.add($0.y)) }
    }

    private static func page(_ panels: [PlotPanel], title: String) -> String {
        var (y, body) = (44.0, "")
        for panel in panels {
            body += panel.svg(y: y) + "\n"
            y += panel.height + 12
        }
        let (width, height) = (Int(PlotPanel.width), Int(y))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
            font-family="sans-serif" font-size="12" fill="#222">
            <rect width="\(width)" height="\(height)" fill="#ffffff"/>
            \(PlotPanel.text(title, x: 24, y: 28, "font-size=\"18\" font-weight=\"bold\""))
            \(body)</svg>

            """
    }
}
