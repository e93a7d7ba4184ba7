import Foundation

/// Threads that share the work of a list, each with a state of its own.
///
/// Like ``Worker`` it confines values that are not `Sendable`: every state is built, used and destroyed on its thread.
/// Unlike it, the caller is not in an asynchronous context: it is a thread of its own that hands out work and may block
/// until the answers are there.
public final class WorkerPool<State>: Sendable {
    private struct Order {
        let run: @Sendable (inout State) -> Void
        /// Says that it will not be run.
        let drop: @Sendable () -> Void
    }

    private struct Mailbox {
        var orders: [Order] = []
        var isClosed = false
        /// Threads whose state is not built yet.
        var building: Int
        /// Threads that have not ended.
        var alive: Int
        var failure: (any Error)?
    }

    /// Number of threads.
    public let count: Int
    private let mailbox: Monitor<Mailbox>

    /// Starts the threads and waits until each has built its state.
    ///
    /// - Parameters:
    ///   - name: of each thread; Linux keeps the first 15 bytes.
    ///   - count: how many, at least one.
    ///   - make: builds a state; runs once on each thread.
    /// - Throws: what `make` throws, when one thread failed; all threads have ended or are ending then.
    public init(name: String, count: Int, _ make: @escaping @Sendable () throws -> State) throws {
        precondition(count > 0, "a pool of \(count) threads")
        self.count = count
        let mailbox = Monitor(Mailbox(building: count, alive: count))
        self.mailbox = mailbox
        for _ in 0..<count {
            let thread = Thread {
                Thread.current.name = name
                Self.work(through: mailbox, make)
                mailbox.update { $0.alive -= 1 }
            }
            thread.stackSize = 16 << 20
            thread.start()
        }
        let failure: (any Error)?? = mailbox.wait { $0.building == 0 ? .some($0.failure) : nil }
        if let failure = failure ?? nil {
            mailbox.update { $0.isClosed = true }
            throw failure
        }
    }

    /// Gives up what has not begun and waits for the threads to end: a program that exits while they compute would pull
    /// its libraries from under them.
    deinit {
        let orders = mailbox.update { box in
            defer { box.orders = [] }
            box.isClosed = true
            return box.orders
        }
        for order in orders { order.drop() }
        mailbox.wait { $0.alive == 0 ? () : nil }
    }

    /// Begins work on a list; the threads take its elements one after the other.
    ///
    /// - Parameter body: runs once for each element on some thread; what it returns must not be owned by the state.
    /// - Returns: the answers to come; `CancellationError` where the pool goes before they are there.
    public func begin<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ body: @escaping @Sendable (inout State, Input) throws -> Output
    ) -> PendingWork<Output> {
        let work = PendingWork<Output>(count: inputs.count)
        mailbox.update { box in
            for (index, input) in inputs.enumerated() {
                box.orders.append(
                    Order(
                        run: { state in work.finish(index, Result { try body(&state, input) }) },
                        drop: { work.finish(index, .failure(CancellationError())) }))
            }
        }
        return work
    }

    /// A thread's whole life: its state, then orders until the mailbox is closed and empty.
    private static func work(through mailbox: Monitor<Mailbox>, _ make: () throws -> State) {
        var state: State
        do {
            state = try make()
        } catch {
            mailbox.update {
                $0.building -= 1
                $0.failure = $0.failure ?? error
            }
            return
        }
        mailbox.update { $0.building -= 1 }
        while let order = next(in: mailbox) { order.run(&state) }
    }

    private static func next(in mailbox: Monitor<Mailbox>) -> Order? {
        mailbox.wait { box -> Order?? in
            if !box.orders.isEmpty { return .some(box.orders.removeFirst()) }
            return box.isClosed ? .some(nil) : nil
        }
    }
}

/// The answers of a ``WorkerPool`` to one list.
public final class PendingWork<Output: Sendable>: Sendable {
    private struct Answers {
        var results: [Result<Output, any Error>?]
        var missing: Int
    }

    private let answers: Monitor<Answers>

    init(count: Int) { answers = Monitor(Answers(results: Array(repeating: nil, count: count), missing: count)) }

    func finish(_ index: Int, _ result: Result<Output, any Error>) {
        answers.update {
            $0.results[index] = result
            $0.missing -= 1
        }
    }

    /// Blocks until all answers are there.
    ///
    /// - Returns: one for each element, in the order of the list.
    /// - Throws: the error of the first element that failed, after all are done.
    public func wait() throws -> [Output] {
        let results = answers.wait { $0.missing == 0 ? $0.results : nil }
        return try results.compactMap { try $0?.get() }
    }
}
