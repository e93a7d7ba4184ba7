import Dispatch
import Foundation

/// Turns Ctrl-C into the polite end of a job; a second Ctrl-C ends the process at once.
final class Interruption {
    private let source: any DispatchSourceSignal

    /// Starts catching SIGINT: `stop` is called once, on another thread.
    init(_ message: String, stop: @escaping @Sendable () -> Void) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global(qos: .userInitiated))
        nonisolated(unsafe) var interrupted = false  // guarded by the source: its handlers run one after the other
        source.setEventHandler {
            if interrupted { _exit(Failure.interrupted) }
            interrupted = true
            StandardError.write("\n\(message); press Ctrl-C again to stop at once\n")
            stop()
        }
        source.resume()
    }

    deinit {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
