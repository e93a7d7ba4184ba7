public import HeirloomLayers
import HeirloomTensors

extension ParityNetworks {
    /// A generator of DeOldify with weights made by the 32-bit formulas from the published names.
    public static func deOldify(
        _ configuration: DeOldifyConfiguration, _ noise: KeyedNoise32
    ) throws -> DeOldifyGenerator {
        let network = DeOldifyGenerator(configuration, using: nil)
        try fill(network, network.publishedKeys, noise)
        return network
    }

    /// A critic of DeOldify with weights made by the 32-bit formulas from the published names.
    public static func deOldifyCritic(
        _ configuration: DeOldifyCriticConfiguration = .init(), _ noise: KeyedNoise32
    ) throws -> DeOldifyCritic {
        let network = DeOldifyCritic(configuration, using: nil)
        try fill(network, DeOldifyCritic.publishedKeys, noise)
        return network
    }

    /// Fills every tensor of a network by its published name.
    /// - Parameter prefix: What stands before the name in the formula.
    public static func fill(
        _ network: Module, _ keys: KeyTable, prefix: String = "", _ noise: KeyedNoise32
    ) throws {
        for (name, tensor) in network.state() {
            guard let key = keys.foreign(name), let value = noise.tensor(prefix + key, shape: tensor.shape) else {
                throw CheckpointError(.keys, reason: "\(name) has no published name that the formulas cover")
            }
            withoutGradients { tensor.copy(from: value) }
        }
    }
}
