/// How long a fit lasts and what the schedule sets in each step.
public struct FitPlan: Sendable {
    /// When a fit ends.
    public enum Length: Sendable, Equatable {
        /// After a number of steps: the same data and seed give the same weights.
        case steps(Int)
        /// After a time in seconds; the schedule follows the clock, so a slower machine takes fewer steps.
        case seconds(Double)
    }

    /// When the fit ends.
    public var length: Length
    private let settings: @Sendable (_ iteration: Int, _ total: Int?, _ progress: Double) -> StepSettings

    /// Settings by progress 0...1.
    public init(length: Length, settings: @escaping @Sendable (_ progress: Double) -> StepSettings) {
        self.length = length
        self.settings = { _, _, progress in settings(progress) }
    }

    /// One cycle.
    public init(length: Length, oneCycle: OneCycle) {
        self.length = length
        settings = { iteration, total, progress in
            total.map { oneCycle.settings(iteration: iteration, of: $0) } ?? oneCycle.settings(progress: progress)
        }
    }

    /// Progress after a number of steps and seconds.
    func progress(steps: Int, seconds: Double) -> Double {
        switch length {
        case .steps(let total): total > 0 ? Double(steps) / Double(total) : 1
        case .seconds(let total): total > 0 ? seconds / total : 1
        }
    }

    func settings(step: Int, progress: Double) -> StepSettings {
        guard case .steps(let total) = length else { return settings(step, nil, progress) }
        return settings(step, total, progress)
    }
}
