import HeirloomLayers
import HeirloomTensors

extension Learner {
    /// One batch: forward, loss and gradients, and the optimizer's step when enough batches are accumulated.
    /// - Throws: `TorchError` when the device runs out of memory, and what callbacks throw.
    public func trainStep(_ step: inout Step) throws {
        step = try recovering { [step] in
            var step = step
            try notify { try $0.beforeBatch(self, step: &step) }
            if let game {
                try game.train(self, &step)
            } else {
                try differentiate(&step, output: output, loss: loss)
                try stepWhenDue(&step)
            }
            step.output = nil
            return step
        }
    }

    /// The network's output, in mixed precision where the learner has one.
    func output(of step: Step) -> Tensor { withMixedPrecision(precision, on: device) { forward(step.input) } }

    /// Output, loss and gradients of a batch, in ``parts`` parts one after the other; loss and figures are then means
    /// over the samples, and the gradient is that of the whole batch.
    /// - Returns: The outputs of the parts, without gradients.
    @discardableResult
    func differentiate(
        _ step: inout Step, output: (Step) -> Tensor, loss: (inout Step) -> Tensor
    ) throws -> [Tensor] {
        let ranges = partRanges(of: step)
        guard ranges.count > 1 else {
            try differentiatePart(&step, share: 1, output: output, loss: loss)
            return [step.output?.detached()].compactMap { $0 }
        }
        var outputs: [Tensor] = []
        var (total, figures): (Tensor?, [String: Tensor]) = (nil, [:])
        for range in ranges {
            let share = Double(range.count) / Double(step.input.shape[0])
            var part = step
            part.select(range)
            try differentiatePart(&part, share: share, output: output, loss: loss)
            if let output = part.output { outputs.append(output.detached()) }
            total = part.loss.map { loss in total.map { $0 + loss * share } ?? loss * share }
            for (name, value) in part.figures where step.figures[name] !== value {
                let value = value.detached() * share
                figures[name] = figures[name].map { $0 + value } ?? value
            }
        }
        step.loss = total
        step.figures.merge(figures) { $1 }
        return outputs
    }

    private func differentiatePart(
        _ step: inout Step, share: Double, output: (Step) -> Tensor, loss: (inout Step) -> Tensor
    ) throws {
        // A scope of its own: after a failure nothing else may be computed with what it yielded, such as a loss scale.
        step = try recovering { [step] in
            var step = step
            step.output = output(step)
            try notify { try $0.afterPrediction(self, step: &step) }
            let loss = loss(&step)
            step.loss = loss.detached()
            try notify { try $0.afterLoss(self, step: &step) }
            let divisor = Double(accumulation) / share
            let weighted = divisor == 1 ? loss : loss / divisor
            (scaler?.scaled(weighted) ?? weighted).backward()
            return step
        }
    }

    /// Whether the optimizer steps after this batch.
    func isStepDue(_ step: Step) -> Bool { (step.number + 1) % accumulation == 0 }

    /// The optimizer's step with its callbacks, when enough batches are accumulated.
    func stepWhenDue(_ step: inout Step) throws {
        guard isStepDue(step) else { return }
        try notify { try $0.beforeStep(self, step: &step) }
        stepOptimizer(step.settings)
        try notify { try $0.afterStep(self, step: &step) }
    }

    /// The optimizer's step with clipping and unscaling, left out where a gradient is not finite: all of it without
    /// waiting for the device.
    private func stepOptimizer(_ settings: StepSettings) {
        withoutGradients {
            let gradients = optimizer.parameters.compactMap(\.gradient)
            guard !gradients.isEmpty else { return }
            var divisor = scaler?.scale
            let norm = TensorList.norm(gradients)
            let isBad = (.!norm.isFinite()).to(dtype: .float32)
            guard isBad.isDefined else { return }
            if let clipping {
                let unscaled = scaler.map { norm / $0.scale } ?? norm
                let factor = (unscaled / clipping).clamped(to: 1...)
                divisor = divisor.map { $0 * factor } ?? factor
            }
            skippedSteps.add(isBad)
            optimizer.step(settings, gradientDivisor: divisor, skip: isBad)
            scaler?.update(overflowed: isBad)
            optimizer.clearGradients()
        }
    }

    /// The samples of each part of a batch.
    private func partRanges(of step: Step) -> [Range<Int>] {
        guard parts > 1, step.input.rank > 0, step.input.shape[0] > 1 else { return [0..<1] }
        let count = step.input.shape[0]
        let parts = min(parts, count)
        return (0..<parts).map { ($0 * count / parts)..<(($0 + 1) * count / parts) }
    }
}

extension Step {
    /// Keeps some samples of input and target.
    fileprivate mutating func select(_ range: Range<Int>) {
        let count = input.shape[0]
        input = input.sliced(axis: 0, from: range.lowerBound, to: range.upperBound)
        if let whole = target, whole.rank > 0, whole.shape[0] == count {
            target = whole.sliced(axis: 0, from: range.lowerBound, to: range.upperBound)
        }
    }
}
