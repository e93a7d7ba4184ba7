import Foundation

/// A training run in words, for every program that shows one.
public enum TrainingText {
    /// The beginning of a phase: `phase 1 of 3: 64 px, batch 32, rate 0.003`.
    public static func phase(_ index: Int, of count: Int, _ phase: TrainingPhase) -> String {
        let kind =
            switch phase.kind {
            case .generator: ""
            case .critic: " (critic)"
            case .adversarial: " (network against critic)"
            }
        return
            "phase \(index + 1) of \(count)\(kind): \(phase.size) \(phase.unit.rawValue), batch \(phase.batchSize), rate "
            + String(format: "%.3g", phase.rate)
    }

    /// What happened, in a line.
    public static func event(_ event: TrainingEvent) -> String {
        switch event {
        case .phase(let index, let count, let phase): Self.phase(index, of: count, phase)
        case .progress(let progress): Self.progress(progress)
        case .checked(let check): Self.check(check)
        case .validated(nil, let figures): "before training: \(figures.summary)"
        case .validated(let phase?, let figures): "phase \(phase + 1) judged: \(figures.summary)"
        case .verdict(let verdict): verdict.sentence
        case .note(let text): text
        case .saved(let path): "wrote \(path)"
        }
    }

    /// A judgement of a stop rule in a line.
    public static func check(_ check: StopCheck) -> String {
        let state = check.isBest ? "best so far" : check.objection ?? "not better"
        return String(format: "step %d: score %.4f (%@), ", check.step, check.score, state) + check.summary
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
            + parts
            + String(
                format: " rate %.2e %.1f %@/s", progress.rate, progress.picturesPerSecond, progress.things ?? "pictures"
            )
            + left
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
