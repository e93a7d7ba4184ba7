import Foundation
import HeirloomRecipes

/// Shows a training run on standard error: a line that is rewritten, lines, or JSON.
final class TrainingDisplay {
    private let style: ProgressStyle
    private let encoder = JSONEncoder()

    init(_ style: ProgressStyle?) {
        self.style = style ?? (isatty(STDERR_FILENO) == 1 ? .bar : .plain)
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    func show(_ event: ColorTraining.Event) {
        switch event {
        case .phase(let index, let count, let phase):
            line(TrainingText.phase(index, of: count, phase))
            json(["phase": index + 1, "of": count, "size": phase.size, "batch": phase.batchSize])
        case .progress(let progress):
            switch style {
            case .bar: write("\r\u{1B}[K" + TrainingText.progress(progress))
            case .plain: write(TrainingText.progress(progress) + "\n")
            case .json: json(progress)
            }
        case .validated(let phase, let figures):
            line("phase \(phase + 1) judged: \(TrainingText.figures(figures))")
            json(["figures": figures])
        case .saved(let path):
            line("wrote \(path)")
            json(["saved": path])
        }
    }

    private func line(_ text: String) {
        switch style {
        case .bar: write("\r\u{1B}[K" + text + "\n")
        case .plain: write(text + "\n")
        case .json: break
        }
    }

    private func json(_ value: some Encodable) {
        guard style == .json, let data = try? encoder.encode(value) else { return }
        write(String(decoding: data, as: UTF8.self) + "\n")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
