/// What a schedule sets for one step of an optimizer.
public struct StepSettings: Sendable, Equatable {
    /// Factor on every group's rate.
    public var rateFactor: Double
    /// Momentum (Adam's first beta), or nil for the optimizer's own.
    public var momentum: Double?

    /// Sets a step; by default nothing is changed.
    public init(rateFactor: Double = 1, momentum: Double? = nil) {
        self.rateFactor = rateFactor
        self.momentum = momentum
    }
}
