import Dispatch
import Foundation

/// Turns Ctrl-C, and the polite end that a system asks for, into the polite end of a job; a second one ends the process at
/// once.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// Starts catching SIGINT and SIGTERM: `stop` is called once, on another thread.
    init(_ message: String, stop: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "interruption", qos: .userInitiated)
        let listening = DispatchGroup()
        nonisolated(unsafe) var interrupted = false  // guarded by the queue: handlers run one after the other
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if interrupted { _exit(Failure.interrupted) }
                interrupted = true
                StandardError.write("\n\(message); press Ctrl-C again to stop at once\n")
                stop()
            }
            listening.enter()
            source.setRegistrationHandler { listening.leave() }
            source.resume()
            return source
        }
        // Until then a signal would go unheard. On a busy machine that takes a while, but never this long.
        _ = listening.wait(timeout: .now() + 2)
    }

    deinit {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }

    private static let signals = [SIGINT, SIGTERM]
}
