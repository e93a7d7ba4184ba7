import HeirloomTraining

/// How a run stands, as displays and logs show it.
public struct TrainingProgress: Codable, Sendable, Equatable {
    /// The phase, counted from 1, and how many there are.
    public var phase: Int, phases: Int
    /// Steps of the phase so far, and steps left out because a gradient was not finite.
    public var step: Int, skippedSteps: Int
    /// Mean loss and its parts over the last steps.
    public var loss: Double, lossParts: [String: Double]
    /// Largest learning rate.
    public var rate: Double
    /// Pictures per second over the last steps.
    public var picturesPerSecond: Double
    /// What is trained on, in the plural; nil for pictures.
    public var things: String?
    /// Part of the whole run that is done, 0...1.
    public var fraction: Double
    /// Seconds of the phase so far, and seconds left of the run if it goes on like this.
    public var seconds: Double, secondsLeft: Double?

    init(
        _ entry: Recorder.Entry, phase: Int, phases: Int, fraction: Double, secondsLeft: Double?,
        unit: TrainingPhase.Unit = .pixels
    ) {
        self.phase = phase + 1
        self.phases = phases
        step = entry.step
        skippedSteps = entry.skipped
        loss = entry.loss
        lossParts = entry.figures
        rate = entry.rate
        picturesPerSecond = entry.samplesPerSecond
        things = unit == .pixels ? nil : unit.things
        self.fraction = fraction
        seconds = entry.seconds
        self.secondsLeft = secondsLeft
    }
}
