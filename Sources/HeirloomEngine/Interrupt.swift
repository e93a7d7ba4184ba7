import Foundation
import Synchronization

/// Ctrl-C as a flag that long work asks for between two steps; a second Ctrl-C ends the program at once.
enum Interrupt {
    private static let count = Atomic<Int>(0)

    /// Whether Ctrl-C (or a polite kill) came.
    static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// Catches SIGINT and SIGTERM from now on.
    static func install() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { _ in
                // Only what is allowed in a signal handler: an atomic and _exit.
                if Interrupt.count.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
            }
        }
    }
}
