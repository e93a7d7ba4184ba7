import HeirloomLayers
public import HeirloomTensors

extension Learner {
    /// Everything that the next step depends on, named: network, optimizer, generator, loss scale. The tensors are the
    /// learner's own, not copies.
    public func state() -> [(name: String, tensor: Tensor)] {
        prefixed("model/", model.state()) + prefixed("optimizer/", optimizer.state())
            + prefixed("scaler/", scaler?.state() ?? []) + [("generator", generator.state), ("skipped", skippedSteps)]
    }

    /// Continues from a state that ``state()`` gave, in a learner made alike.
    /// - Throws: ``TrainingError`` or `ModuleError` when it belongs to another network or optimizer.
    public func load(_ state: [String: Tensor]) throws {
        guard let generatorState = state["generator"], let skipped = state["skipped"] else {
            throw TrainingError(code: .unfittingState, reason: "this is not a checkpoint of a training run")
        }
        try model.load(part("model/", of: state))
        try optimizer.load(part("optimizer/", of: state))
        try scaler?.load(part("scaler/", of: state))
        // The values may lie in a file that is mapped read-only: the generator gets a copy.
        generator.state = generatorState.copied()
        withoutGradients { skippedSteps.copy(from: skipped) }
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
