import Foundation
import HeirloomRestoration

/// Measures of sound as a table.
enum SoundScoresText {
    static func table(_ scores: SoundScores) -> [String] {
        let names = scores.estimates.map { URL(fileURLWithPath: $0.file).lastPathComponent }
        // Two files of one name are told apart by their paths.
        let titles = Set(names).count == names.count ? names : scores.estimates.map(\.file)
        let width = (titles + ["estimate"]).map(\.count).max() ?? 8
        let heads = ["SI-SDR", "SDR-F", "STOI", "ESTOI", "segSNR", "LSD", "offset s", "drift ppm"]
        let rows = zip(titles, scores.estimates).map { title, item in
            line(title, cells(item), width) + (item.isInverted ? "  inverted" : "")
        }
        return [line("estimate", heads, width)] + rows
    }

    private static func cells(_ item: SoundScores.Estimate) -> [String] {
        [
            String(format: "%.2f", item.siSDR), String(format: "%.2f", item.sdrF), String(format: "%.4f", item.stoi),
            String(format: "%.4f", item.estoi), String(format: "%.2f", item.segmentalSNR),
            String(format: "%.2f", item.logSpectralDistance), String(format: "%.5f", item.offset),
            String(format: "%.2f", item.drift),
        ]
    }

    private static func line(_ title: String, _ cells: [String], _ width: Int) -> String {
        title.padding(toLength: width, withPad: " ", startingAt: 0)
            + cells.map { String(repeating: " ", count: max(2, 11 - $0.count)) + $0 }.joined()
    }
}
