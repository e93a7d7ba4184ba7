/// Adds up the time spent in named steps.
final class StepClock {
    private(set) var seconds: [String: Double] = [:]

    func measure<R>(_ step: String, _ body: () throws -> R) rethrows -> R {
        let start = ContinuousClock.now
        defer { seconds[step, default: 0] += (ContinuousClock.now - start) / .seconds(1) }
        return try body()
    }
}
