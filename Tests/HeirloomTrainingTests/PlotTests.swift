import Foundation
import HeirloomTensors
@testable import HeirloomTraining
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct PlotTests {
    /// An element of a drawing.
    struct Element {
        let name: String, attributes: [String: String]
        var text = ""
    }

    /// The elements of an SVG file; nil when it is not well-formed.
    private func parsed(_ svg: String) -> [Element]? {
        final class Reader: NSObject, XMLParserDelegate {
            var elements: [Element] = []
            func parser(
                _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
                attributes: [String: String]
            ) { elements.append(Element(name: name, attributes: attributes)) }
            func parser(_ parser: XMLParser, foundCharacters string: String) {
                if !elements.isEmpty { elements[elements.count - 1].text += string }
            }
        }
        let (parser, reader) = (XMLParser(data: Data(svg.utf8)), Reader())
        parser.delegate = reader
        guard parser.parse() else { return nil }
        return reader.elements.map { element in
            var element = element
            element.text = element.text.trimmingCharacters(in: .newlines)
            return element
        }
    }

    private func entry(_ step: Int, loss: Double, _ figures: [String: Double] = [:], rate: Double = 1e-3)
        -> Recorder.Entry
    {
        Recorder.Entry(
            step: step, epoch: 0, progress: 0, seconds: 1, loss: loss, figures: figures, rate: rate,
            samplesPerSecond: 10,
            skipped: 0)
    }

    private var lines: [TrainingLog.Line] {
        let first = (1...50).map { index in
            TrainingLog.Line(entry(20 * index, loss: 1 / Double(index), ["chroma & <tone>": 0.5]), phase: 0)
        }
        let second = (1...30).map { index in
            TrainingLog.Line(
                entry(20 * index, loss: index == 7 ? .nan : 0.6, [index % 2 == 0 ? "critic" : "generator": 0.7]),
                phase: 1)
        }
        let measures = [300, 600].map {
            TrainingLog.Line(measures: ["psnr": Double($0) / 20], phase: 0, step: $0, seconds: 3)
        }
        return first + measures + second + [TrainingLog.Line(note: "done", phase: 1, step: 600, seconds: 9)]
    }

    @Test func theCourseIsWellFormedAndComplete() throws {
        let plot = TrainingPlot(lines, title: "a < b & \"c\"\u{1}")
        let elements = try #require(parsed(plot.svg))
        let texts = elements.filter { $0.name == "text" }.map(\.text)
        for text in [
            "a < b & \"c\" ", "loss", "recorded", "smoothed", "chroma & <tone>", "critic", "generator", "largest rate",
            "held-out pictures: psnr", "phase 2", "step",
        ] { #expect(texts.contains(text), "\(text)") }
        #expect(texts.count { $0 == "recorded" } == 1 && texts.count { $0 == "critic" } == 1)
        #expect(plot.svg.contains("fill=\"#ffffff\"") && !plot.svg.contains("nan") && !plot.svg.contains("inf"))
        // Everything is inside the page.
        let size = try #require(elements.first?.attributes["viewBox"]).split(separator: " ").compactMap { Double($0) }
        for line in elements where line.name == "polyline" {
            for point in (line.attributes["points"] ?? "").split(separator: " ") {
                let pair = point.split(separator: ",").compactMap { Double($0) }
                #expect(pair.count == 2 && (0...size[2]).contains(pair[0]) && (0...size[3]).contains(pair[1]))
            }
        }
        #expect(elements.filter { $0.name == "polyline" }.count > 10)
    }

    @Test func littleIsDrawnToo() throws {
        for lines in [
            [], Array(lines.prefix(1)), [TrainingLog.Line(measures: ["a": 1], phase: 0, step: 0, seconds: 0)],
        ] {
            #expect(parsed(TrainingPlot(lines).svg) != nil)
        }
        let same = (1...9).map { TrainingLog.Line(entry($0, loss: 0, rate: 0), phase: 3) }
        let svg = TrainingPlot(same).svg
        #expect(parsed(svg) != nil && !svg.contains("nan"))
    }

    @Test func longRunsStaySmall() throws {
        let many = (1...100_000).map { TrainingLog.Line(entry($0, loss: 1 + sin(Double($0) / 5000)), phase: 0) }
        let svg = TrainingPlot(many).svg
        #expect(svg.utf8.count < 200_000 && parsed(svg) != nil)
    }

    @Test func theSearchShowsItsSuggestion() throws {
        let rates = (0..<60).map { pow(10, Double($0) / 10 - 5) }
        let losses = rates.map { 1 - 0.5 / (1 + 1e-3 / $0) + $0 * $0 * 10 }
        let result = LearningRateFinder.judged(rates: rates, losses: losses)
        let rate = try #require(result.suggestion)
        let elements = try #require(parsed(TrainingPlot(result).svg))
        let texts = elements.filter { $0.name == "text" }.map(\.text)
        #expect(texts.contains("suggested: \(PlotAxis.text(rate))") && texts.contains("learning rate"))
        #expect(elements.contains { $0.name == "circle" })
        #expect(elements.filter { $0.name == "text" }.contains { $0.text == "1e-4" })
        #expect(parsed(TrainingPlot(LearningRateFinder.Result(rates: [], losses: [])).svg) != nil)
    }

    @Test func axesHaveRoundMarks() {
        func marks(_ values: [Double], isLogarithmic: Bool = false) -> [String] {
            PlotAxis(values, isLogarithmic: isLogarithmic, padded: false, from: 0, to: 100).marks.map(\.text)
        }
        #expect(marks([0, 1]) == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
        #expect(marks([-0.3, 0.2]) == ["-0.3", "-0.2", "-0.1", "0", "0.1", "0.2"])
        #expect(marks([1.02, 1.07]) == ["1.02", "1.03", "1.04", "1.05", "1.06", "1.07"])
        #expect(marks([1e-5, 1e-1], isLogarithmic: true) == ["1e-5", "1e-4", "0.001", "0.01", "0.1"])
        #expect(marks([0.3, 4], isLogarithmic: true) == ["0.5", "1", "2"])
        for values in [[5.0], [0], [-3], [], [.nan, .infinity], [1e-12, 2e-12], [1e9, 4e9]] {
            let axis = PlotAxis(values, isLogarithmic: false, padded: true, from: 0, to: 100)
            #expect((1...13).contains(axis.marks.count))
            for value in values where value.isFinite { #expect((0...100).contains(axis.place(value) ?? -1)) }
        }
        let axis = PlotAxis([1, 100], isLogarithmic: true, padded: false, from: 0, to: 100)
        #expect(axis.place(10) == 50 && axis.place(0) == nil && axis.place(.nan) == nil)
        #expect(
            [0, 0.02, 1500, 3e-5, -2.5e-7, 1e6, 9.9999e-4].map(PlotAxis.text) == [
                "0", "0.02", "1500", "3e-5", "-2.5e-7", "1e6", "1e-3",
            ])
    }

    @Test func aFileIsWrittenWhole() throws {
        let folder = try TemporaryFolder()
        try TrainingPlot(lines).write(to: folder.file("loss.svg"))
        #expect(folder.names == ["loss.svg"])
        let error = #expect(throws: TrainingError.self) { try TrainingPlot([]).write(to: folder.file("gone/a.svg")) }
        #expect(error?.code == .inaccessible && error?.reason.contains("gone/a.svg") == true)
    }
}
