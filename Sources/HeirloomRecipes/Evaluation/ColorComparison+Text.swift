import Foundation

extension ColorComparison {
    /// The means as a table: a row for each measure, a column for each way of colouring.
    public var table: [String] {
        let widths = entries.map { max(22, $0.name.count + 2) }
        func row(_ name: String, _ cells: [String]) -> String {
            Self.padded(name, 34, right: false) + zip(cells, widths).map { Self.padded($0, $1) }.joined()
        }
        var lines = [row("\(pictures.count) picture\(pictures.count == 1 ? "" : "s")", entries.map(\.name))]
        for measure in ColorScore.Measure.allCases where entries.contains(where: { $0.mean(measure) != nil }) {
            lines.append(
                row(label(measure), entries.map { entry in entry.mean(measure).map { Self.text($0, measure) } ?? "–" }))
        }
        lines.append("In brackets: what the mean could be by chance, with 95 % certainty.")
        lines.append("* misleading for colour: grey scores well, and brightness, which is given, decides.")
        return lines
    }

    /// A line for each picture: its name, and each candidate's chroma error, colourfulness and whether it is recognised.
    public var pictureTable: [String] {
        let shown = entries.dropLast()
        let longest = min(max(24, pictures.map(\.count).max() ?? 0), 60)
        let names = shown.map { Self.padded($0.name, 30) }.joined()
        let heads = shown.map { _ in Self.padded("error  colourful       seen as", 30) }.joined()
        var lines = [
            Self.padded("", longest, right: false) + names + Self.padded("true", 12),
            Self.padded("picture", longest, right: false) + heads + Self.padded("colourful", 12),
        ]
        for (index, name) in pictures.enumerated() {
            let cells = shown.map { entry -> String in
                let score = entry.scores[index]
                let seen = score.agrees.map { $0 ? "the true one" : "another" } ?? "–"
                return Self.padded(
                    String(format: "%5.1f", score.chromaError) + "  " + String(format: "%9.1f", score.colorfulness)
                        + "  " + Self.padded(seen, 12), 30)
            }
            let truth = entries[entries.count - 1].scores[index].colorfulness
            lines.append(
                Self.padded(String(name.suffix(longest)), longest, right: false) + cells.joined()
                    + Self.padded(String(format: "%.1f", truth), 12))
        }
        return lines
    }

    private func label(_ measure: ColorScore.Measure) -> String {
        switch measure {
        case .colorfulness: "colourfulness"
        case .colorfulnessGap: "  difference to the truth"
        case .chromaError: "chroma error (0 is perfect)"
        case .perceptualDistance: "perceptual distance"
        case .agrees: "recognised as the true picture"
        case .namesLabel: "label recognised (\(labelled) labels)"
        case .score: "score (smaller is better)"
        case .psnr: "PSNR dB *"
        case .ssim: "SSIM *"
        }
    }

    private static func text(_ value: MeanInterval, _ measure: ColorScore.Measure) -> String {
        func number(_ value: Double) -> String {
            switch measure {
            case .agrees, .namesLabel: String(format: "%.0f", 100 * value)
            case .perceptualDistance, .score, .ssim: String(format: "%.3f", value)
            case .colorfulnessGap: String(format: "%+.1f", value)
            default: String(format: "%.1f", value)
            }
        }
        let unit = measure.isPart ? " %" : ""
        guard value.low != value.high else { return number(value.mean) + unit }
        return "\(number(value.mean))\(unit) (\(number(value.low))…\(number(value.high)))"
    }

    private static func padded(_ text: String, _ width: Int, right: Bool = true) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return right ? space + text : text + space
    }
}
