import Foundation
import HeirloomRecipes
import Synchronization

/// Shows a training run on standard error.
struct TrainingDisplay {
    private let style: ProgressStyle

    init(_ style: ProgressStyle) { self.style = style }

    func show(_ event: TrainingEvent) {
        if case .progress(let progress) = event, style == .bar {
            return StandardError.write("\r\u{1B}[2K" + TrainingText.progress(progress))
        }
        switch style {
        case .bar: StandardError.write("\r\u{1B}[2K" + TrainingText.event(event) + "\n")
        case .plain: StandardError.write(TrainingText.event(event) + "\n")
        case .json: json(event)
        case .none: break
        }
    }

    private func json(_ event: TrainingEvent) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(event) else { return }
        StandardError.write(String(decoding: data, as: UTF8.self) + "\n")
    }
}

/// How far packing is.
final class PackingMeter: Sendable {
    private let counts = Mutex((completed: 0, total: 0))
    private let started = ContinuousClock.now
    private let item: String, unit: String

    init(_ item: String = "packing", unit: String = "pictures") { (self.item, self.unit) = (item, unit) }

    func set(_ completed: Int, of total: Int) { counts.withLock { $0 = (completed, total) } }

    var state: ProgressState? {
        let (completed, total) = counts.withLock { $0 }
        guard total > 0 else { return nil }
        let elapsed = ContinuousClock.now - started
        let rate = Double(completed) / max(elapsed.inSeconds, 1e-9)
        let remaining = completed > 0 ? elapsed / completed * (total - completed) : nil
        return ProgressState(
            item: item, unit: unit, completed: completed, total: total, rate: rate, elapsed: elapsed,
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
