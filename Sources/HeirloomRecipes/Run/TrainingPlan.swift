import HeirloomTraining

/// How the length of a run divides among its phases.
struct TrainingPlan {
    private let phases: [TrainingPhase]
    private let length: TrainingOptions.Length
    private let pictures: Int

    init(phases: [TrainingPhase], length: TrainingOptions.Length, pictures: Int) {
        self.phases = phases
        self.length = length
        self.pictures = pictures
    }

    /// Length and schedule of a phase.
    func fit(phase index: Int) -> FitPlan {
        let phase = phases[index]
        let share = part(of: index)
        let length: FitPlan.Length =
            switch self.length {
            case .epochs(let epochs):
                .steps(max(1, Int((epochs * share * Double(pictures) / Double(phase.batchSize)).rounded())))
            case .minutes(let minutes): .seconds(minutes * share * 60)
            case .steps(let steps): .steps(max(1, Int((Double(steps) * share).rounded())))
            }
        // Generator and critic go at constant rates, with the optimizer's own momentum: neither may run away.
        if phase.kind == .adversarial || phase.constantRate { return FitPlan(length: length) { _ in StepSettings() } }
        let cycle = OneCycle(
            warmup: phase.warmup, startDivisor: 25, finalDivisor: 1e4, highMomentum: 0.9, lowMomentum: 0.9)
        return FitPlan(length: length, oneCycle: cycle)
    }

    /// Part of the whole run that is done, and seconds that are left if it goes on as in this phase.
    func progress(phase index: Int, entry: Recorder.Entry) -> (fraction: Double, secondsLeft: Double?) {
        let before = (0..<index).reduce(0) { $0 + part(of: $1) }
        let share = part(of: index)
        let fraction = before + share * entry.progress
        guard entry.progress > 0 else { return (fraction, nil) }
        let rate = entry.seconds / (entry.progress * share)
        return (fraction, rate * (1 - fraction))
    }

    private func part(of index: Int) -> Double { phases[index].share / phases.reduce(0) { $0 + $1.share } }
}
