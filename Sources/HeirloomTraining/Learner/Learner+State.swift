import HeirloomLayers
public import HeirloomTensors

extension Learner {
    /// Everything that the next step depends on, named: network, optimizer, generators (the learner's own and those
    /// that the network's dropouts draw from), loss scale. The tensors of network and optimizer are their own, not
    /// copies.
    public func state() -> [(name: String, tensor: Tensor)] {
        prefixed("model/", model.state()) + prefixed("optimizer/", optimizer.state())
            + prefixed("scaler/", scaler?.state() ?? []) + [("generator", generator.state), ("skipped", skippedSteps)]
            + networkGenerators.map { ("generators/" + $0.name, $0.generator.state) }
    }

    /// Continues from a state that ``state()`` gave, in a learner made alike.
    /// - Throws: ``TrainingError`` or `ModuleError` when it belongs to another network or optimizer.
    public func load(_ state: [String: Tensor]) throws {
        guard let generatorState = state["generator"], let skipped = state["skipped"] else {
            throw TrainingError(code: .unfittingState, reason: "this is not a checkpoint of a training run")
        }
        let networkStates = part("generators/", of: state)
        if let missing = networkGenerators.first(where: { networkStates[$0.name] == nil }) {
            throw TrainingError(
                code: .unfittingState, reason: "the checkpoint has no state of the network's generator \(missing.name)")
        }
        try model.load(part("model/", of: state))
        try optimizer.load(part("optimizer/", of: state))
        try scaler?.load(part("scaler/", of: state))
        // The values may lie in a file that is mapped read-only: the generator gets a copy.
        generator.state = generatorState.copied()
        for (name, generator) in networkGenerators {
            if let state = networkStates[name] { generator.state = state.copied() }
        }
        withoutGradients { skippedSteps.copy(from: skipped) }
    }
}

extension Module {
    /// The generators that modules of the tree draw from (dropout), each once, named after their place.
    func generators() -> [(name: String, generator: Generator)] {
        var result: [(name: String, generator: Generator)] = []
        for (path, module) in namedModules() {
            var mirror: Mirror? = Mirror(reflecting: module)
            while let level = mirror {
                for (label, value) in level.children {
                    guard let found = value as? Generator, !result.contains(where: { $0.generator === found }) else {
                        continue
                    }
                    result.append((path.isEmpty ? label ?? "" : "\(path).\(label ?? "")", found))
                }
                mirror = level.superclassMirror
            }
        }
        return result
    }
}

/// Names with something before them.
func prefixed(_ prefix: String, _ entries: [(name: String, tensor: Tensor)]) -> [(name: String, tensor: Tensor)] {
    entries.map { (prefix + $0.name, $0.tensor) }
}

/// The entries whose names begin with something, without it.
func part(_ prefix: String, of state: [String: Tensor]) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (name, tensor) in state where name.hasPrefix(prefix) { result[String(name.dropFirst(prefix.count))] = tensor }
    return result
}
