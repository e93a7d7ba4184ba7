/// The one-cycle policy (Smith 2018; super-convergence, Smith & Topin 2017) as fastai runs it: the rate rises and falls
/// once, the momentum falls and rises.
public struct OneCycle: Sendable, Equatable {
    /// Part of the run in which the rate rises.
    public var warmup: Double
    /// The first rate is the largest divided by this.
    public var startDivisor: Double
    /// The last rate is the largest divided by this.
    public var finalDivisor: Double
    /// Momentum at both ends, and in the middle: Adam's first beta.
    public var highMomentum: Double, lowMomentum: Double

    /// Describes a cycle; the defaults are fastai's.
    public init(
        warmup: Double = 0.3, startDivisor: Double = 25, finalDivisor: Double = 25e4, highMomentum: Double = 0.95,
        lowMomentum: Double = 0.85
    ) {
        precondition((0...1).contains(warmup) && startDivisor > 0 && finalDivisor > 0, "not a cycle")
        self.warmup = warmup
        self.startDivisor = startDivisor
        self.finalDivisor = finalDivisor
        self.highMomentum = highMomentum
        self.lowMomentum = lowMomentum
    }

    /// Rate as a part of the largest, and momentum, in iteration `t` of `n` (from 0): fastai's values exactly.
    ///
    /// The warm-up takes `n · warmup` iterations rounded down, at least one; the last iteration stops short of the end.
    public func settings(iteration t: Int, of n: Int) -> StepSettings {
        precondition(n > 0 && t >= 0, "iteration \(t) of \(n)")
        let rising = Int(Double(n) * warmup)
        let top = max(1, rising)
        if t <= top { return settings(rising: Double(t) / Double(top)) }
        return settings(falling: n > rising ? Double(t - top) / Double(n - rising) : 1)
    }

    /// The same at a progress 0...1, for runs that are limited by time.
    public func settings(progress: Double) -> StepSettings {
        if progress < warmup { return settings(rising: progress / warmup) }
        return settings(falling: warmup < 1 ? min((progress - warmup) / (1 - warmup), 1) : 1)
    }

    private func settings(rising progress: Double) -> StepSettings {
        StepSettings(
            rateFactor: Schedule.cosine(from: 1 / startDivisor, to: 1)(progress),
            momentum: Schedule.cosine(from: highMomentum, to: lowMomentum)(progress))
    }

    private func settings(falling progress: Double) -> StepSettings {
        StepSettings(
            rateFactor: Schedule.cosine(from: 1, to: 1 / finalDivisor)(progress),
            momentum: Schedule.cosine(from: lowMomentum, to: highMomentum)(progress))
    }
}
