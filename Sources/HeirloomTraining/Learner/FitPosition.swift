/// How far a fit has come: what a checkpoint says besides the tensors.
public struct FitPosition: Codable, Sendable, Equatable {
    /// Steps done.
    public var steps: Int
    /// Seconds spent, over all parts of an interrupted run.
    public var seconds: Double

    /// A position; the beginning by default.
    public init(steps: Int = 0, seconds: Double = 0) {
        self.steps = steps
        self.seconds = seconds
    }
}
