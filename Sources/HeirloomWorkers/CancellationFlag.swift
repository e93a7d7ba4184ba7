import Synchronization

/// A switch that is thrown once and never back: how Ctrl-C and a failed stage reach code that is not in a task.
///
/// Asking costs one atomic load, so it can be asked per frame and from C callbacks.
public final class CancellationFlag: Sendable {
    private struct Handlers {
        var next = 0
        var bodies: [Int: @Sendable () -> Void] = [:]
    }

    private let flag = Atomic(false)
    private let handlers = Mutex(Handlers())

    /// A flag that is not thrown yet.
    public init() {}

    /// Whether `cancel()` was called.
    public var isCancelled: Bool { flag.load(ordering: .acquiring) }

    /// Throws the switch and runs what ``onCancel(_:)`` registered, once, on the calling thread.
    ///
    /// Takes a lock, so a raw signal handler must not call it; a dispatch signal source may.
    public func cancel() {
        let bodies = handlers.withLock { handlers in
            flag.store(true, ordering: .releasing)
            defer { handlers.bodies.removeAll() }
            return handlers.bodies.values.map { $0 }
        }
        for body in bodies { body() }
    }

    /// Returns when nothing was cancelled.
    ///
    /// - Throws: `CancellationError` after `cancel()`.
    public func check() throws {
        if isCancelled { throw CancellationError() }
    }

    /// Has `body` called when the switch is thrown, at once if it was already.
    ///
    /// - Returns: the registration; `body` is forgotten when it goes.
    public func onCancel(_ body: @escaping @Sendable () -> Void) -> Registration {
        let key: Int? = handlers.withLock { handlers in
            if isCancelled { return nil }
            handlers.next += 1
            handlers.bodies[handlers.next] = body
            return handlers.next
        }
        if key == nil { body() }
        return Registration(flag: self, key: key)
    }

    fileprivate func forget(_ key: Int) {
        handlers.withLock { handlers in handlers.bodies[key] = nil }
    }

    /// Keeps a body registered with a ``CancellationFlag`` for as long as it lives.
    public final class Registration: Sendable {
        private let flag: CancellationFlag
        private let key: Int?

        fileprivate init(flag: CancellationFlag, key: Int?) {
            self.flag = flag
            self.key = key
        }

        deinit {
            if let key { flag.forget(key) }
        }
    }
}
