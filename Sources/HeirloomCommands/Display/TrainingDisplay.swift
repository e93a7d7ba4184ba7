import Foundation
import HeirloomRecipes
import Synchronization

/// Shows a training run on standard error.
struct TrainingDisplay {
    private let style: ProgressStyle

    init(_ style: ProgressStyle) { self.style = style }

    func show(_ event: ColorTraining.Event) {
        switch event {
        case .phase(let index, let count, let phase): line(TrainingText.phase(index, of: count, phase))
        case .progress(let progress):
            switch style {
            case .bar: StandardError.write("\r\u{1B}[2K" + TrainingText.progress(progress))
            case .plain: StandardError.write(TrainingText.progress(progress) + "\n")
            case .json: json(progress)
            case .none: break
            }
        case .validated(let phase, let figures):
            line("phase \(phase + 1) judged: \(TrainingText.figures(figures))")
            json(figures)
        case .saved(let path): line("wrote \(path)")
        }
    }

    private func line(_ text: String) {
        switch style {
        case .bar: StandardError.write("\r\u{1B}[2K" + text + "\n")
        case .plain: StandardError.write(text + "\n")
        case .json, .none: break
        }
    }

    private func json(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard style == .json, let data = try? encoder.encode(value) else { return }
        StandardError.write(String(decoding: data, as: UTF8.self) + "\n")
    }
}

/// How far packing is.
final class PackingMeter: Sendable {
    private let counts = Mutex((completed: 0, total: 0))
    private let started = ContinuousClock.now

    func set(_ completed: Int, of total: Int) { counts.withLock { $0 = (completed, total) } }

    var state: ProgressState? {
        let (completed, total) = counts.withLock { $0 }
        guard total > 0 else { return nil }
        let elapsed = ContinuousClock.now - started
        let rate = Double(completed) / max(elapsed.inSeconds, 1e-9)
        let remaining = completed > 0 ? elapsed / completed * (total - completed) : nil
        return ProgressState(
            item: "packing", unit: "pictures", completed: completed, total: total, rate: rate, elapsed: elapsed,
            remaining: remaining, residentBytes: nil)
    }
}

/// Ctrl-C as a flag, for work that looks at it between two steps.
final class InterruptionFlag: Sendable {
    private let requested = Mutex(false)
    private let interruption: Mutex<Interruption?> = Mutex(nil)

    init(_ message: String) {
        interruption.withLock { $0 = Interruption(message) { [weak self] in self?.requested.withLock { $0 = true } } }
    }

    var isRequested: Bool { requested.withLock { $0 } }
}
