import Foundation

/// A value behind a lock whose waiters can sleep until it changes.
///
/// `Mutex` of the Synchronization module has no condition to sleep on, and the waiters here are dedicated threads that
/// may block, so this is the classic monitor.
///
/// `@unchecked Sendable`: `value` is touched only between `lock()` and `unlock()` of `condition`.
final class Monitor<Value>: @unchecked Sendable {
    private let condition = NSCondition()
    private var value: Value

    init(_ value: sending Value) {
        self.value = value
    }

    /// Runs `body` on the value, alone, and wakes every waiter so that each looks again.
    func update<R>(_ body: (inout Value) throws -> R) rethrows -> R {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        return try body(&value)
    }

    /// Runs `body` on the value, alone, without waking anyone: for reading.
    func read<R>(_ body: (Value) throws -> R) rethrows -> R {
        condition.lock()
        defer { condition.unlock() }
        return try body(value)
    }

    /// Sleeps until `body` returns something; `body` runs alone, once at first and after every `update`.
    func wait<R>(until body: (inout Value) throws -> R?) rethrows -> R {
        condition.lock()
        defer {
            condition.broadcast()
            condition.unlock()
        }
        while true {
            if let result = try body(&value) { return result }
            condition.wait()
        }
    }
}
