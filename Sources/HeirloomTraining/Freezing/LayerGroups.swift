public import HeirloomLayers
import HeirloomTensors

/// The parts of a network that are frozen and trained together, from the input's side to the output's (fastai's layer
/// groups; Howard & Gugger 2020).
public struct LayerGroups {
    /// The parts.
    public let groups: [ModuleGroup]

    /// Lists the parts of a network.
    /// - Precondition: There is one, and no two have one name.
    public init(_ groups: [ModuleGroup]) {
        precondition(
            !groups.isEmpty && Set(groups.map(\.name)).count == groups.count, "layer groups \(groups.map(\.name))")
        self.groups = groups
    }

    /// Freezes the groups before a number, except batch normalisations, whose weights, biases and running statistics
    /// keep training; trains the groups from it on. 0 trains everything, one less than the count is fastai's `freeze`.
    ///
    /// An optimizer made before keeps what it trained: make a new one.
    public func freeze(to first: Int) {
        precondition((0...groups.count).contains(first), "freezing \(first) of \(groups.count) groups")
        for (index, group) in groups.enumerated() {
            group.unfreeze()
            guard index < first else { continue }
            group.freeze()
            for (_, module) in group.modules.flatMap({ $0.module.namedModules() }) where module is BatchNorm2d {
                module.unfreeze()
            }
        }
    }

    /// Optimizer groups of what trains now, at one rate per layer group; frozen parameters are left out, and so is a
    /// group without any.
    /// - Parameters:
    ///   - weightDecay: For weights; 1e-3 is DeOldify's.
    ///   - decaysVectors: Whether biases and the factors of norms decay too, as in fastai.
    public func parameterGroups(
        _ rates: GroupRates, weightDecay: Double = 1e-3, decaysVectors: Bool = true
    ) -> [ParameterGroup] {
        zip(groups, rates.rates(count: groups.count)).flatMap { group, rate in
            let parameters = group.namedParameters().filter { $0.tensor.requiresGradient }
            let matrices = ParameterGroup(
                name: group.name, parameters: parameters.filter { $0.tensor.rank >= 2 }, rate: rate,
                weightDecay: weightDecay)
            let vectors = ParameterGroup(
                name: group.name + ".vectors", parameters: parameters.filter { $0.tensor.rank < 2 }, rate: rate,
                weightDecay: decaysVectors ? weightDecay : 0)
            return [matrices, vectors].filter { !$0.parameters.isEmpty }
        }
    }

    /// Sets the rates of an optimizer that was made of ``parameterGroups(_:weightDecay:decaysVectors:)`` of these
    /// groups.
    /// - Precondition: Each of its groups belongs to one of these.
    public func setRates(_ rates: GroupRates, of optimizer: any Optimizer) {
        let rates = Dictionary(uniqueKeysWithValues: zip(groups.map(\.name), rates.rates(count: groups.count)))
        for group in optimizer.groups {
            let name = group.name.hasSuffix(".vectors") ? String(group.name.dropLast(8)) : group.name
            guard let rate = rates[group.name] ?? rates[name] else {
                preconditionFailure("the optimizer's group \(group.name) is none of \(rates.keys.sorted())")
            }
            group.rate = rate
        }
    }
}
