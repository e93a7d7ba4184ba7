import HeirloomWorkers
import Synchronization

/// Watches a job and stops it, from any thread: what a progress display and Ctrl-C hold on to.
public final class JobMonitor: Sendable {
    private struct State {
        var item = ""
        var index = 0
        var count = 1
        var meter: ProgressMeter?
        var expectedEnd: ContinuousClock.Instant?
    }

    let flag = CancellationFlag()
    private let state = Mutex(State())
    private let onNotice: @Sendable (String) -> Void

    /// A monitor for one job.
    ///
    /// - Parameter onNotice: takes a sentence that the user should read while the job still runs; called on any thread.
    public init(onNotice: @escaping @Sendable (String) -> Void = { _ in }) { self.onNotice = onNotice }

    /// Stops the job: it throws ``PauseError`` where finished work is kept to go on from, else `CancellationError`, and
    /// leaves no unfinished file.
    ///
    /// Takes a lock, so a raw signal handler must not call it; a dispatch signal source may.
    public func cancel() { flag.cancel() }

    /// Whether ``cancel()`` was called.
    public var isCancelled: Bool { flag.isCancelled }

    /// How far the job is; nil until it knows what it does.
    public func progress() -> JobProgress? {
        let state = state.withLock { $0 }
        guard let snapshot = state.meter?.snapshot() else { return nil }
        let expected = state.expectedEnd.map { max(.zero, $0 - .now) }
        return JobProgress(
            item: state.item, itemIndex: state.index, itemCount: state.count, unit: snapshot.unit,
            completed: snapshot.completed, total: snapshot.total, rate: snapshot.rate, elapsed: snapshot.elapsed,
            remaining: expected ?? snapshot.remaining, fraction: snapshot.fraction,
            residentBytes: snapshot.residentBytes)
    }

    /// Says which of how many files is next.
    func begin(item: String, index: Int, of count: Int) {
        state.withLock { state in
            state.item = item
            state.index = index
            state.count = count
        }
    }

    /// Names the file of a job that has only one, unless a larger job named it.
    func begin(item: String) {
        state.withLock { state in
            if state.item.isEmpty { state.item = item }
        }
    }

    /// Tells the user something before the job is done.
    func tell(_ sentence: String) { onNotice(sentence) }

    /// Shows a meter from now on.
    func show(_ meter: ProgressMeter) {
        state.withLock { state in
            state.meter = meter
            state.expectedEnd = nil
        }
    }

    /// Says when the item will be done, where its units are too few to tell from their rate.
    func expect(end: ContinuousClock.Instant) {
        state.withLock { $0.expectedEnd = end }
    }
}
