public import HeirloomLayers
public import HeirloomTensors

/// Parameters that share a rate and a weight decay.
public final class ParameterGroup {
    /// What the group is called in logs and checkpoints.
    public let name: String
    /// The parameters with their names in the network.
    public let parameters: [(name: String, tensor: Tensor)]
    /// The rate at the schedule's top.
    public var rate: Double
    /// Part of a weight that decays per unit of rate and step.
    public var weightDecay: Double

    /// Names a group.
    public init(name: String, parameters: [(name: String, tensor: Tensor)], rate: Double, weightDecay: Double = 0) {
        self.name = name
        self.parameters = parameters
        self.rate = rate
        self.weightDecay = weightDecay
    }

    /// Two groups of a part of a network: weights of rank 2 and more decay, biases and norms do not.
    public static func of(_ part: ModuleGroup, rate: Double, weightDecay: Double) -> [ParameterGroup] {
        split(part.namedParameters(), name: part.name, rate: rate, weightDecay: weightDecay)
    }

    /// Two groups of a whole network: weights of rank 2 and more decay, biases and norms do not.
    public static func of(_ module: Module, rate: Double, weightDecay: Double) -> [ParameterGroup] {
        split(module.namedParameters(), name: "all", rate: rate, weightDecay: weightDecay)
    }

    private static func split(
        _ parameters: [(name: String, tensor: Tensor)], name: String, rate: Double, weightDecay: Double
    ) -> [ParameterGroup] {
        let matrices = parameters.filter { $0.tensor.rank >= 2 }
        let vectors = parameters.filter { $0.tensor.rank < 2 }
        return [
            ParameterGroup(name: name, parameters: matrices, rate: rate, weightDecay: weightDecay),
            ParameterGroup(name: name + ".vectors", parameters: vectors, rate: rate),
        ].filter { !$0.parameters.isEmpty }
    }
}
