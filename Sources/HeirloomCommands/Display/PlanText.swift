import Foundation
import HeirloomRestoration

/// A plan as lines for a person.
enum PlanText {
    static func describe(_ plan: FilmPlan) -> String {
        var lines = [plan.input + ": " + head(plan)]
        lines += plan.found.map { "  " + $0 }
        if let rate = plan.cutsPerMinute { lines.append(String(format: "  About %.0f cuts a minute.", rate)) }
        if let speed = plan.silentSpeed { lines.append("  " + speed.reason) }
        lines += plan.choice.map { "  " + $0 }
        if !plan.samples.isEmpty {
            lines.append("telling frames\(plan.isWhollySeen ? "" : " (of the parts that were looked at)"):")
            for sample in plan.samples {
                let reasons = sample.reasons.map(\.rawValue).joined(separator: " and ")
                lines.append("  \(clock(sample.seconds))  \(reasons)")
            }
        }
        if let estimate = plan.estimate {
            let result =
                plan.outputWidth == plan.width && plan.outputHeight == plan.height
                ? plan.treatment : "\(plan.treatment) to \(plan.outputWidth) × \(plan.outputHeight)"
            lines.append("the whole film, \(result): \(estimate.sentence)")
        }
        return lines.joined(separator: "\n")
    }

    private static func head(_ plan: FilmPlan) -> String {
        "\(plan.width) × \(plan.height), \(plan.frames) frame\(plan.frames == 1 ? "" : "s"), \(clock(plan.seconds))"
    }

    private static func clock(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        let (hours, minutes, rest) = (tenths / 36000, tenths / 600 % 60, Double(tenths % 600) / 10)
        return hours > 0
            ? String(format: "%d:%02d:%04.1f", hours, minutes, rest) : String(format: "%d:%04.1f", minutes, rest)
    }
}
