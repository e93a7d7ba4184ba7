public import HeirloomLayers
public import HeirloomTensors

/// Keeps a running average of a network's weights and statistics, which is smoother than the weights themselves (Polyak
/// & Juditsky 1992; for generators Karras et al. 2018).
public final class ExponentialMovingAverage: Callback {
    /// Part of the average that stays in each step, once it has warmed up.
    public let decay: Double
    /// Steps averaged so far.
    public private(set) var steps: Int
    private let model: Module
    private let live: [(name: String, tensor: Tensor)]
    private let averages: [Tensor]

    /// Starts with the network's present values.
    public init(of model: Module, decay: Double) {
        precondition((0..<1).contains(decay), "an average with decay \(decay)")
        self.decay = decay
        self.model = model
        steps = 0
        let live = model.state().filter { $0.tensor.dtype.isFloatingPoint }
        averages = withoutGradients { live.map { $0.tensor.detached().copied() } }
        self.live = live
    }

    /// Averages once more, unless it was the opponent of the averaged network that trained.
    public func afterStep(_ learner: Learner, step: inout Step) throws {
        if let pair = learner.model as? AdversarialPair, let turn = step.turn, model !== pair {
            guard (turn == .critic) == (model === pair.critic) else { return }
        }
        update()
    }

    /// Moves the averages towards the network's values. Early on they follow faster: `(1 + n) / (10 + n)`.
    public func update() {
        steps += 1
        let kept = min(decay, Double(1 + steps) / Double(10 + steps))
        withoutGradients { TensorList.interpolate(averages, to: live.map { $0.tensor.detached() }, weight: 1 - kept) }
    }

    /// Runs a closure while the network holds the averages, then gives it its own values back.
    public func withAverages<R>(_ body: () throws -> R) rethrows -> R {
        let saved = withoutGradients { live.map { $0.tensor.detached().copied() } }
        withoutGradients { for (entry, average) in zip(live, averages) { entry.tensor.copy(from: average) } }
        defer { withoutGradients { for (entry, value) in zip(live, saved) { entry.tensor.copy(from: value) } } }
        return try body()
    }

    /// The averages under the network's names.
    public func state() -> [(name: String, tensor: Tensor)] {
        zip(live, averages).map { ($0.name, $1) }
    }

    /// Continues from a checkpoint.
    /// - Throws: ``TrainingError`` when a tensor is missing or has another shape; then nothing was changed.
    public func load(_ state: [String: Tensor], steps: Int) throws {
        for (entry, average) in zip(live, averages) where state[entry.name]?.shape != average.shape {
            throw TrainingError(code: .unfittingState, reason: "the checkpoint's averages do not fit at \(entry.name)")
        }
        withoutGradients {
            for (entry, average) in zip(live, averages) {
                if let value = state[entry.name] { average.copy(from: value) }
            }
        }
        self.steps = steps
    }
}
