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

    func show(_ event: TrainingEvent) {
        if case .progress(let progress) = event {
            switch style {
            case .bar: write("\r\u{1B}[K" + TrainingText.progress(progress))
            case .plain: write(TrainingText.progress(progress) + "\n")
            case .json: json(event)
            }
            return
        }
        switch style {
        case .bar: write("\r\u{1B}[K" + TrainingText.event(event) + "\n")
        case .plain: write(TrainingText.event(event) + "\n")
        case .json: json(event)
        }
    }

    private func json(_ event: TrainingEvent) {
        guard let data = try? encoder.encode(event) else { return }
        write(String(decoding: data, as: UTF8.self) + "\n")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
