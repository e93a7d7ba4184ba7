public import HeirloomTensors

/// Stochastic gradient descent with momentum and decoupled weight decay.
public final class SGD: Optimizer {
    /// What it trains.
    public let groups: [ParameterGroup]
    /// Momentum where the schedule sets none.
    public let momentum: Double
    private let velocities: [[Tensor]]

    /// Prepares velocities of 0.
    public init(_ groups: [ParameterGroup], momentum: Double = 0.9) {
        self.groups = groups
        self.momentum = momentum
        velocities = withoutGradients { groups.map { $0.parameters.map { $0.tensor.detached() * 0 } } }
    }

    /// One step of the parameters that have a gradient.
    public func step(_ settings: StepSettings, gradientDivisor: Tensor?, skip: Tensor?) {
        withoutGradients {
            let momentum = settings.momentum ?? self.momentum
            for (group, velocities) in zip(groups, velocities) {
                let rate = group.rate * settings.rateFactor
                for (parameter, velocity) in zip(group.parameters, velocities) {
                    guard var gradient = parameter.tensor.gradient else { continue }
                    if let gradientDivisor { gradient = gradient / gradientDivisor }
                    let before = skip.map { _ in (parameter.tensor.copied(), velocity.copied()) }
                    velocity.multiply(by: momentum)
                    velocity.add(gradient)
                    parameter.tensor.multiply(by: 1 - rate * group.weightDecay)
                    parameter.tensor.add(velocity, scaledBy: -rate)
                    if let skip, let before {
                        parameter.tensor.copy(from: `where`(skip .> 0, before.0, parameter.tensor))
                        velocity.copy(from: `where`(skip .> 0, before.1, velocity))
                    }
                }
            }
        }
    }

    /// The velocities, named after the parameters.
    public func state() -> [(name: String, tensor: Tensor)] {
        zip(groups, velocities).flatMap { group, velocities in
            zip(group.parameters, velocities).map { (name: "\($0.name)/velocity", tensor: $1) }
        }
    }

    /// Replaces the velocities.
    /// - Throws: ``TrainingError`` when names or shapes do not fit; then nothing was changed.
    public func load(_ state: [String: Tensor]) throws { try copyState(from: state) }
}
