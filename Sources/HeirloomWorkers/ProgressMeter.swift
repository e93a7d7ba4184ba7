import Synchronization

/// Counts finished work and says how fast it goes.
///
/// Any thread may advance it and any thread may ask; showing it is the caller's business. (Foundation owns the name
/// `Progress`.)
public final class ProgressMeter: Sendable {
    private struct Sample {
        let time: Duration
        let completed: Int
    }

    private struct State {
        var completed = 0
        var total: Int?
        /// Oldest first, at most one per `spacing`, spanning `window`.
        var samples: [Sample]
    }

    /// What is counted, in the plural: "frames".
    public let unit: String

    private let state: Mutex<State>
    private let window: Duration
    private let spacing: Duration
    private let start: Duration
    private let clock: @Sendable () -> Duration

    /// A meter whose time starts now, at zero unless told otherwise.
    ///
    /// - Parameter unit: what is counted, in the plural.
    /// - Parameter total: how many there will be, where known; 0 or more.
    /// - Parameter completed: how many an earlier run had finished; they count, but not in the rate.
    /// - Parameter window: over how much recent time the rate is taken.
    /// - Parameter clock: the time since some fixed moment; tests pass their own.
    public init(
        unit: String, total: Int? = nil, completed: Int = 0, window: Duration = .seconds(10),
        clock: @escaping @Sendable () -> Duration = ProgressMeter.steadyClock()
    ) {
        precondition(window > .zero, "a rate needs a window longer than nothing")
        self.unit = unit
        self.window = window
        self.clock = clock
        spacing = window / 40
        start = clock()
        state = Mutex(
            State(completed: completed, total: total, samples: [Sample(time: start, completed: completed)]))
    }

    /// A clock that starts at zero now and does not jump when the wall clock is set.
    public static func steadyClock() -> @Sendable () -> Duration {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    /// Adds finished work.
    ///
    /// - Precondition: `count` is not negative: progress never goes back.
    public func advance(by count: Int = 1) {
        precondition(count >= 0, "progress never goes back")
        let now = clock()
        state.withLock { state in
            state.completed += count
            if now - state.samples[state.samples.count - 1].time >= spacing {
                state.samples.append(Sample(time: now, completed: state.completed))
                forgetOld(&state.samples, at: now)
            }
        }
    }

    /// States or corrects how many there will be; nil where nobody knows.
    public func setTotal(_ total: Int?) {
        state.withLock { $0.total = total }
    }

    /// The state of things now, with this process's memory.
    public func snapshot() -> ProgressSnapshot {
        let now = clock()
        return state.withLock { state in
            forgetOld(&state.samples, at: now)
            let oldest = state.samples[0]
            let seconds = (now - oldest.time) / .seconds(1)
            let known = seconds > 0 && state.completed > 0
            return ProgressSnapshot(
                unit: unit, completed: state.completed, total: state.total,
                rate: known ? Double(state.completed - oldest.completed) / seconds : nil,
                elapsed: now - start, residentBytes: ProcessMemory.residentBytes)
        }
    }

    /// Drops samples that the window has passed, keeping the youngest of those as the window's left edge.
    private func forgetOld(_ samples: inout [Sample], at now: Duration) {
        let edge = now - window
        let passed = samples.prefix { $0.time <= edge }.count
        if passed > 1 { samples.removeFirst(passed - 1) }
    }
}
