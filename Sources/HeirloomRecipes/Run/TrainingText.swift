import Foundation

/// A training run in words, for every program that shows one.
public enum TrainingText {
    /// The beginning of a phase: `phase 1 of 3: 64 px, batch 32, rate 0.003`.
    public static func phase(_ index: Int, of count: Int, _ phase: ColorRecipe.Phase) -> String {
        "phase \(index + 1) of \(count): \(phase.size) px, batch \(phase.batchSize), rate \(phase.rate)"
    }

    /// How the run stands, in a line: share done, phase, step, losses, rate, speed, time left.
    public static func progress(_ progress: TrainingProgress) -> String {
        let left = progress.secondsLeft.map { " left \(time($0))" } ?? ""
        let parts = progress.lossParts.sorted { $0.key < $1.key }
            .map { String(format: " %@ %.4f", $0.key, $0.value) }.joined()
        let skipped = progress.skippedSteps > 0 ? " skipped \(progress.skippedSteps)" : ""
        return String(
            format: "%5.1f %% phase %d/%d step %d loss %.4f", 100 * progress.fraction, progress.phase, progress.phases,
            progress.step, progress.loss)
            + parts + String(format: " rate %.2e %.1f pictures/s", progress.rate, progress.picturesPerSecond) + left
            + skipped
    }

    /// The figures of a judged network in a line.
    public static func figures(_ figures: ColorFigures) -> String {
        func text(_ value: Double) -> String { String(format: "%.1f", value) }
        func percent(_ value: Double) -> String { String(format: "%.1f %%", 100 * value) }
        var parts = [
            "colourfulness \(text(figures.colorfulness)) (truth \(text(figures.trueColorfulness)))",
            "chroma error \(text(figures.chromaError)) (grey \(text(figures.greyChromaError)))",
            "PSNR \(text(figures.psnr)) dB (grey \(text(figures.greyPSNR)) dB)",
        ]
        if let agreement = figures.agreement, let grey = figures.greyAgreement {
            parts.append("recognised as the true picture \(percent(agreement)) (grey \(percent(grey)))")
        }
        if let accuracy = figures.accuracy, let truth = figures.trueAccuracy, let grey = figures.greyAccuracy {
            parts.append("labels \(percent(accuracy)) (truth \(percent(truth)), grey \(percent(grey)))")
        }
        return parts.joined(separator: ", ")
    }

    private static func time(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return whole >= 3600
            ? String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
            : String(format: "%d:%02d", whole / 60, whole % 60)
    }
}
