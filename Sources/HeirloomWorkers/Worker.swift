/// Confines a value to one thread: it is built, used and destroyed there, and nowhere else.
///
/// The value need not be `Sendable`. What a body returns is `sending`, so the compiler refuses to let anything out that
/// the value still owns. Bodies are synchronous and may block (on a ``ByteQueue``, in a decoder): they hold this
/// worker's thread and never one of Swift's cooperative pool.
///
/// ```swift
/// let network = try await Worker(name: "infer") { try Network(contentsOf: path) }
/// let frame = try await network.run { try $0.colorize(input) }
/// ```
public actor Worker<State> {
    private let thread: WorkerThread
    private let box: Box

    /// Holds the state, so that it can be destroyed on the thread after the actor is gone.
    ///
    /// `@unchecked Sendable`: `state` is touched only on the worker's thread.
    private final class Box: @unchecked Sendable {
        var state: State?
    }

    /// The worker's thread; the Swift runtime asks for it.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Starts a thread and builds the state on it.
    ///
    /// - Parameter name: the thread's name; Linux keeps the first 15 bytes.
    /// - Parameter make: builds the state; runs on the new thread.
    /// - Throws: what `make` throws; the thread has ended by itself then.
    public init(name: String, _ make: @Sendable () throws -> sending State) async throws {
        thread = WorkerThread(name: name)
        box = Box()
        try await build(make)
    }

    deinit {
        // The last reference can go anywhere; the state must go on its own thread, and after every body.
        let box = box
        thread.call { box.state = nil }
    }

    private func build(_ make: @Sendable () throws -> sending State) async throws {
        box.state = try make()
    }

    /// Runs `body` with the state on the worker's thread, after the bodies that came before it.
    ///
    /// The body runs inside the caller's task, so `Task.isCancelled` tells the truth there. A body that blocks is not
    /// woken by the task's cancellation: cancel what it blocks on.
    /// - Parameter body: synchronous; what it returns must not be owned by the state any more.
    /// - Throws: what `body` throws.
    public func run<R>(_ body: @Sendable (inout State) throws -> sending R) rethrows -> sending R {
        guard box.state != nil else { fatalError("a worker ran a body before its state was built or after it ended") }
        return try body(&box.state!)
    }

    /// Destroys the state on the worker's thread, after the bodies that came before; nothing may run afterwards.
    ///
    /// For those who must know that it is gone: the last reference to a worker lets the state go some time later.
    public func end() { box.state = nil }
}
