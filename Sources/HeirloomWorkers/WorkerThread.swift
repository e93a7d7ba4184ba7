import Foundation

/// A serial executor that is one dedicated thread.
///
/// A dispatch queue is serial too, but moves between threads, and libtorch keeps its gradient mode, its current device
/// and its team of OpenMP threads per thread. The thread ends when the last reference to the executor goes.
public final class WorkerThread: SerialExecutor {
    /// What the thread does next. A job keeps its executor alive until it has run.
    private enum Order {
        case run(UnownedJob, WorkerThread)
        case call(@Sendable () -> Void)
    }

    private struct Mailbox {
        var orders: [Order] = []
        var isClosed = false
    }

    private let mailbox = Monitor(Mailbox())

    /// Starts the thread.
    ///
    /// - Parameter name: what debuggers and `top -H` show; Linux keeps the first 15 bytes.
    /// - Parameter stackSize: bytes of stack. Foundation's default of half a megabyte is too little for decoders and
    ///   for deep networks; pages are taken only when touched, so a generous size costs nothing.
    public init(name: String, stackSize: Int = 16 << 20) {
        let mailbox = mailbox
        let thread = Thread { Self.work(through: mailbox) }
        thread.stackSize = stackSize
        thread.start()
        // On Linux a name reaches the system only once `start` has returned, and from the thread itself.
        call { Thread.current.name = name }
    }

    deinit {
        mailbox.update { $0.isClosed = true }
    }

    /// Queues a job; the Swift runtime calls this.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        mailbox.update { $0.orders.append(.run(job, self)) }
    }

    /// Runs `body` on the thread after everything that was enqueued before, without waiting for it.
    func call(_ body: @escaping @Sendable () -> Void) {
        mailbox.update { $0.orders.append(.call(body)) }
    }

    /// The thread's whole life: orders in their order, until the mailbox is closed and empty.
    ///
    /// It holds the mailbox, not the executor, which could otherwise never go away.
    private static func work(through mailbox: Monitor<Mailbox>) {
        var hasMore = true
        while hasMore {
            let orders: [Order] = mailbox.wait { box in
                if box.orders.isEmpty && !box.isClosed { return nil }
                defer { box.orders.removeAll(keepingCapacity: true) }
                return box.orders
            }
            hasMore = !orders.isEmpty
            for order in orders {
                switch order {
                case .run(let job, let executor): job.runSynchronously(on: executor.asUnownedSerialExecutor())
                case .call(let body): body()
                }
            }
        }
    }
}
