import HeirloomWorkers
import Synchronization

/// Watches a job and stops it, from any thread: what a progress display and Ctrl-C hold on to.
public final class JobMonitor: Sendable {
    private struct State {
        var item = ""
        var index = 0
        var count = 1
        var meter: ProgressMeter?
    }

    let flag = CancellationFlag()
    private let state = Mutex(State())

    /// A monitor for one job.
    public init() {}

    /// Stops the job: it throws `CancellationError` and leaves no unfinished file.
    ///
    /// Takes a lock, so a raw signal handler must not call it; a dispatch signal source may.
    public func cancel() { flag.cancel() }

    /// Whether ``cancel()`` was called.
    public var isCancelled: Bool { flag.isCancelled }

    /// How far the job is; nil until it knows what it does.
    public func progress() -> JobProgress? {
        let state = state.withLock { $0 }
        guard let snapshot = state.meter?.snapshot() else { return nil }
        return JobProgress(
            item: state.item, itemIndex: state.index, itemCount: state.count, unit: snapshot.unit,
            completed: snapshot.completed, total: snapshot.total, rate: snapshot.rate, elapsed: snapshot.elapsed,
            remaining: snapshot.remaining, fraction: snapshot.fraction, residentBytes: snapshot.residentBytes)
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

    /// Shows a meter from now on.
    func show(_ meter: ProgressMeter) {
        state.withLock { $0.meter = meter }
    }
}
