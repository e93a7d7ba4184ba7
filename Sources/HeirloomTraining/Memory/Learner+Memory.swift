import HeirloomLayers
import HeirloomTensors

extension Learner {
    /// Keeps what drawing again needs, at the first batch of an optimizer step.
    func rememberForRetry(_ steps: Int) {
        guard accumulation == 1 || steps % accumulation == 0 || retry == nil else { return }
        retry = RetryPoint(steps: steps, generators: generators.map { ($0, $0.state) })
    }

    /// Goes back to the first batch of the optimizer step, to compute it in twice as many parts.
    /// - Throws: ``TrainingError`` when the batches cannot be split further.
    func split(after error: TorchError, samples: Int) throws {
        guard let retry, parts < samples else {
            throw TrainingError(
                code: .outOfMemory,
                reason:
                    "a single picture does not fit into the memory of \(device) (\(error)); train with smaller pictures"
                    + ", or close other programs")
        }
        parts *= 2
        // Gradients of batches that wait for this one have partly been added to: they are all computed again.
        optimizer.clearGradients()
        device.releaseCachedMemory()
        for (generator, state) in retry.generators { generator.state = state }
        position.steps = retry.steps
        try notify { try $0.batchWasSplit(self, parts: parts) }
    }

    /// Runs steps outside a fit, in training mode and without callbacks, and puts everything back that they change,
    /// also when they throw: network, optimizer, generators, loss scale, modes, what requires gradients.
    func withoutTrace<R>(_ body: () throws -> R) rethrows -> R {
        let saved = withoutGradients { state().map { ($0.name, $0.tensor.detached().copied()) } }
        let callbacks = callbacks
        let requiring = model.namedParameters().map { ($0.tensor, $0.tensor.requiresGradient) }
        defer {
            self.callbacks = callbacks
            optimizer.clearGradients()
            for (tensor, requires) in requiring { tensor.requireGradient(requires) }
            do { try load(Dictionary(uniqueKeysWithValues: saved)) } catch {
                fatalError("a learner refuses its own state: \(error)")
            }
        }
        self.callbacks = []
        return try model.withTraining(true, body)
    }

    private var generators: [Generator] { [generator] + networkGenerators.map(\.generator) }
}

/// The first batch of an optimizer step, and what the generators held there.
struct RetryPoint {
    let steps: Int
    let generators: [(Generator, Tensor)]
}
