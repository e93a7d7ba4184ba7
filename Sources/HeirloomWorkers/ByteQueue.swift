/// Hands elements from one thread to another, in order, with bounded look-ahead.
///
/// Both sides block, so both belong on dedicated threads (``Worker`` bodies), never in the cooperative pool. One thread
/// pushes and one pops. The end of the stream is data: it is popped (as `nil`) after the last element.
///
/// ```swift
/// // producer                                   // consumer
/// while let frame = try reader.next() {         while let frame = try queue.pop() {
///     try queue.push(frame)                         try writer.write(frame)
/// }                                             }
/// queue.close()
/// ```
public final class ByteQueue<Element: Sendable>: Sendable {
    private struct Slot {
        let element: Element
        let bytes: Int
    }

    private struct State {
        var slots: [Slot] = []
        var bytes = 0
        var isClosed = false
        var isCancelled = false
        var failure: (any Error)?
        var statistics = QueueStatistics()
    }

    private let byteLimit: Int
    private let countLimit: Int
    private let size: @Sendable (Element) -> Int
    private let state = Monitor(State())

    /// An empty queue.
    ///
    /// - Parameter byteLimit: how many bytes may wait. An element larger than that passes alone.
    /// - Parameter countLimit: how many elements may wait.
    /// - Parameter size: the bytes that an element holds, 0 or more.
    /// - Precondition: both limits are positive.
    public init(byteLimit: Int, countLimit: Int, size: @escaping @Sendable (Element) -> Int) {
        precondition(byteLimit > 0 && countLimit > 0, "a queue needs room for at least one byte and one element")
        self.byteLimit = byteLimit
        self.countLimit = countLimit
        self.size = size
    }

    /// Appends an element, waiting while the queue is full.
    ///
    /// - Throws: the error given to ``fail(_:)`` (the consumer's, as a rule) or `CancellationError`; the element was not
    ///   taken then.
    /// - Precondition: ``close()`` was not called.
    public func push(_ element: Element) throws {
        let slot = Slot(element: element, bytes: size(element))
        precondition(slot.bytes >= 0, "an element cannot hold fewer than 0 bytes")
        let start = ContinuousClock.now
        try state.wait { state -> Void? in
            precondition(!state.isClosed, "push after close: the consumer may already have seen the end")
            if state.isCancelled { throw CancellationError() }
            if let failure = state.failure { throw failure }
            let fits = state.slots.count < countLimit && state.bytes + slot.bytes <= byteLimit
            guard fits || state.slots.isEmpty else { return nil }
            state.slots.append(slot)
            state.bytes += slot.bytes
            state.statistics.pushed(waiting: state.slots.count, bytes: state.bytes, after: .now - start)
            return ()
        }
    }

    /// Removes the oldest element, waiting while the queue is empty and open.
    ///
    /// - Returns: the element, or nil once the queue is closed and everything in it was popped.
    /// - Throws: the error given to ``fail(_:)``, after the elements pushed before it; `CancellationError` at once after
    ///   ``cancel()``.
    public func pop() throws -> Element? {
        let start = ContinuousClock.now
        return try state.wait { state -> Element?? in
            if state.isCancelled { throw CancellationError() }
            if !state.slots.isEmpty {
                let slot = state.slots.removeFirst()  // a few dozen small slots: cheaper than a ring's care
                state.bytes -= slot.bytes
                state.statistics.popped(after: .now - start)
                return .some(slot.element)
            }
            if let failure = state.failure { throw failure }
            return state.isClosed ? .some(nil) : nil
        }
    }

    /// Ends the stream: the consumer gets what is queued, then nil. Later calls change nothing.
    public func close() {
        state.update { $0.isClosed = true }
    }

    /// Ends the stream with an error, from either side.
    ///
    /// The consumer gets what is queued, then the error; the producer gets the error at its next push. The first error
    /// stays.
    public func fail(_ error: any Error) {
        state.update { state in
            if state.failure == nil { state.failure = error }
        }
    }

    /// Drops what is queued and wakes both sides with `CancellationError`.
    public func cancel() {
        state.update { state in
            state.isCancelled = true
            state.slots.removeAll()
            state.bytes = 0
        }
    }

    /// How much has passed, and which side waited for the other.
    public var statistics: QueueStatistics { state.read { $0.statistics } }
}
