import HeirloomLayers
import HeirloomTensors

/// How a learner trains an ``AdversarialPair``: modes, gradients, losses and turns of a batch.
final class AdversarialGame {
    private let pair: AdversarialPair
    private let rule: AdversarialRule
    private let criticLoss: (inout Step) -> Tensor
    private let criticParameters: [Tensor]
    /// Every module of each network: walking a large tree in each step would take time.
    private let generatorModules: [Module], criticModules: [Module]
    /// Sum of the critic's losses since the last optimizer step, on the device.
    private var judged: Tensor?

    init(_ pair: AdversarialPair, rule: AdversarialRule, criticLoss: @escaping (inout Step) -> Tensor) {
        self.pair = pair
        self.rule = rule
        self.criticLoss = criticLoss
        criticParameters = pair.critic.namedParameters().map(\.tensor)
        generatorModules = pair.generator.namedModules().map(\.module)
        criticModules = pair.critic.namedModules().map(\.module)
        pair.keepTurnOnHost()
    }

    /// Losses and gradients of a batch, the optimizer's step, and whose turn it is next.
    func train(_ learner: Learner, _ step: inout Step) throws {
        guard case .adaptive(let threshold) = rule else { return try trainBoth(learner, &step) }
        let turn = pair.turn
        step.turn = turn
        // Also when the batches before were begun and given up: cancelled, or to be done again in smaller parts.
        if step.number % learner.accumulation == 0 { judged = nil }
        Module.setTraining(turn == .generator, of: generatorModules)
        Module.setTraining(turn == .critic, of: criticModules)
        switch turn {
        case .critic:
            try differentiateCritic(learner, &step) { step in withoutGradients { learner.output(of: step) } }
            if let loss = step.loss { judged = judged.map { $0 + loss } ?? loss }
        case .generator:
            try differentiateGenerator(learner, &step)
        }
        guard learner.isStepDue(step) else { return }
        try learner.stepWhenDue(&step)
        switch turn {
        case .generator: pair.turn = .critic
        case .critic:
            // The one place where training waits for the device: the rule needs the number.
            let loss = (judged?.item() ?? .nan) / Double(learner.accumulation)
            if loss < threshold { pair.turn = .generator }
        }
    }

    private func trainBoth(_ learner: Learner, _ step: inout Step) throws {
        Module.setTraining(true, of: generatorModules + criticModules)
        // One step for both after both backward passes: neither gradient depends on the other's step.
        var outputs = try differentiateGenerator(learner, &step)[...]
        let loss = step.loss
        try differentiateCritic(learner, &step) { _ in outputs.removeFirst() }
        step.loss = loss
        try learner.stepWhenDue(&step)
    }

    @discardableResult
    private func differentiateGenerator(_ learner: Learner, _ step: inout Step) throws -> [Tensor] {
        let stopped = criticParameters.filter(\.requiresGradient)
        for parameter in stopped { parameter.requireGradient(false) }
        defer { for parameter in stopped { parameter.requireGradient() } }
        let outputs = try learner.differentiate(&step, output: { learner.output(of: $0) }, loss: learner.loss)
        step.figures["generator"] = step.loss
        return outputs
    }

    private func differentiateCritic(_ learner: Learner, _ step: inout Step, output: (Step) -> Tensor) throws {
        try learner.differentiate(&step, output: output, loss: criticLoss)
        step.figures["critic"] = step.loss
    }
}
