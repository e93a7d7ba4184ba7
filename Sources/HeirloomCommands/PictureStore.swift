import ArgumentParser
import Foundation
import HeirloomIntake

/// Pictures that a command measures on: a packed store of the user's, or one made of folders for the time of the command.
final class PictureStore {
    /// The packed store.
    let path: String
    private let isTemporary: Bool

    private init(path: String, isTemporary: Bool) {
        self.path = path
        self.isTemporary = isTemporary
    }

    deinit { if isTemporary { try? FileManager.default.removeItem(atPath: path) } }

    /// Refuses inputs that do not go together.
    static func check(_ inputs: [String]) throws {
        if inputs.isEmpty { throw ValidationError("Name a folder of colour photographs or a packed store.") }
        if inputs.count > 1, let store = inputs.first(where: DataExamination.isStore) {
            throw ValidationError("\(store) is a packed store; name it alone.")
        }
    }

    /// Takes the pictures in; what is left out is said on standard error.
    static func of(
        _ inputs: [String], options: IntakeOptions, progress: ProgressStyle, interruption: InterruptionFlag
    ) async throws -> PictureStore {
        if DataExamination.isStore(inputs[0]) { return PictureStore(path: inputs[0], isTemporary: false) }
        let store = PictureStore(
            path: NSTemporaryDirectory() + "heirloom-\(UUID().uuidString).pack", isTemporary: true)
        let meter = PackingMeter("reading")
        let report = try await ProgressDisplay.showing(
            progress, state: { meter.state },
            {
                try await Packer(inputs, options: options).run(
                    to: store.path, shouldStop: { interruption.isRequested },
                    progress: { meter.set($0, of: $1) })
            })
        for left in report.leftOut.prefix(10) { StandardError.write("left out: \(left.path): \(left.detail)\n") }
        if report.leftOut.count > 10 {
            StandardError.write("… and \(report.leftOut.count - 10) more (heirloom data names them)\n")
        }
        return store
    }
}

/// Work that goes picture by picture on the calling thread, under a progress display.
enum Counted {
    /// Runs the work; its `step` says how far it is and throws once the user wants to stop.
    static func showing<R>(
        _ item: String, unit: String = "pictures", _ style: ProgressStyle, interruption: InterruptionFlag,
        _ body: (_ step: @escaping (_ completed: Int, _ total: Int) throws -> Void) throws -> R
    ) async throws -> R {
        let meter = PackingMeter(item, unit: unit)
        let display = ProgressDisplay(style, state: { meter.state })
        do {
            let result = try body { completed, total in
                meter.set(completed, of: total)
                if interruption.isRequested { throw CancellationError() }
            }
            await display.stop("done")
            return result
        } catch {
            await display.stop(error is CancellationError ? "stopped" : "failed")
            throw error
        }
    }
}
