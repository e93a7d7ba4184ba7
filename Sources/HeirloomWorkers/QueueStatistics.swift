/// What a ``ByteQueue`` saw: how full it was and which side waited, that is, which stage is the slow one.
public struct QueueStatistics: Sendable, Equatable {
    /// Elements pushed so far.
    public private(set) var pushedCount = 0
    /// Elements popped so far.
    public private(set) var poppedCount = 0
    /// The most elements that waited at once.
    public private(set) var peakCount = 0
    /// The most bytes that waited at once.
    public private(set) var peakBytes = 0
    /// How long the producer waited for room: long where the consumer is the slow side.
    public private(set) var pushWait: Duration = .zero
    /// How long the consumer waited for elements: long where the producer is the slow side.
    public private(set) var popWait: Duration = .zero

    mutating func pushed(waiting count: Int, bytes: Int, after wait: Duration) {
        pushedCount += 1
        peakCount = max(peakCount, count)
        peakBytes = max(peakBytes, bytes)
        pushWait += wait
    }

    mutating func popped(after wait: Duration) {
        poppedCount += 1
        popWait += wait
    }
}
