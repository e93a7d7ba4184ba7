public import HeirloomTensors

/// Two optimizers as one: each with its own step counts and moments, each moving only when its network has gradients.
public final class AdversarialOptimizer: Optimizer {
    /// What trains the generator, and what trains the critic.
    public let generator: any Optimizer, critic: any Optimizer

    /// Joins two optimizers.
    public init(generator: any Optimizer, critic: any Optimizer) {
        self.generator = generator
        self.critic = critic
    }

    /// The groups of the generator, then those of the critic.
    public var groups: [ParameterGroup] { generator.groups + critic.groups }

    /// One step of whatever has gradients.
    public func step(_ settings: StepSettings, gradientDivisor: Tensor?, skip: Tensor?) {
        generator.step(settings, gradientDivisor: gradientDivisor, skip: skip)
        critic.step(settings, gradientDivisor: gradientDivisor, skip: skip)
    }

    /// Both states, under `generator/` and `critic/`.
    public func state() -> [(name: String, tensor: Tensor)] {
        prefixed("generator/", generator.state()) + prefixed("critic/", critic.state())
    }

    /// Replaces both states.
    /// - Throws: ``TrainingError`` when names or shapes do not fit; then nothing was changed.
    public func load(_ state: [String: Tensor]) throws { try copyState(from: state) }
}
