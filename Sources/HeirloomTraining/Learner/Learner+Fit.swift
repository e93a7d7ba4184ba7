public import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors

extension Learner {
    /// Trains through a plan.
    ///
    /// A batch that does not fit into the device's memory is tried again in twice as many parts (``parts``), computed
    /// one after the other: the optimizer's step is the same step with the gradient of the whole batch, except that
    /// batch normalisation takes its statistics from each part, and that its running averages and the vectors of
    /// spectral normalisation move once per part. What the attempt that failed did to those stays. Callbacks learn of
    /// it by ``Callback/batchWasSplit(_:parts:)``.
    /// - Parameters:
    ///   - source: The batches; epoch and position follow from the number of steps.
    ///   - plan: Length and schedule.
    ///   - from: Where to go on, for a resumed run.
    /// - Throws: What the data, the device or a callback throws; ``LearnerAction`` is caught at its level.
    ///   ``TrainingError`` with code `outOfMemory` when a single sample does not fit.
    public func fit(_ source: any BatchSource, plan: FitPlan, from start: FitPosition = FitPosition()) throws {
        position = start
        let clock = ContinuousClock()
        let began = clock.now
        try model.withTraining(true) {
            defer {
                optimizer.clearGradients()
                for callback in callbacks { callback.cleanUp(self) }
            }
            var epoch: Int?
            do {
                try notify { try $0.beforeFit(self) }
                while true {
                    position.seconds = start.seconds + (clock.now - began).inSeconds
                    let progress = plan.progress(steps: position.steps, seconds: position.seconds)
                    guard progress < 1 else { break }
                    let current = position.steps / source.batchesPerEpoch
                    let begins = current != epoch
                    if begins, let epoch { try notify { try $0.afterEpoch(self, epoch: epoch) } }
                    epoch = current
                    do {
                        if begins { try notify { try $0.beforeEpoch(self, epoch: current) } }
                        try fitBatch(source, plan: plan, epoch: current, progress: progress)
                    } catch LearnerAction.cancelEpoch {
                        position.steps = (current + 1) * source.batchesPerEpoch
                    }
                }
            } catch LearnerAction.cancelFit {}
            if let epoch { try notify { try $0.afterEpoch(self, epoch: epoch) } }
            try notify { try $0.afterFit(self) }
        }
    }

    /// Trains on ``data`` for some epochs with one cycle.
    /// - Throws: What ``fit(_:plan:from:)`` throws.
    /// - Precondition: The learner has data.
    public func fit(oneCycle epochs: Int, cycle: OneCycle = OneCycle()) throws {
        guard let data else { preconditionFailure("fit(oneCycle:) of a learner without data") }
        try fit(data, plan: FitPlan(length: .steps(epochs * data.batchesPerEpoch), oneCycle: cycle))
    }

    /// Prepares a batch and trains on it, outside a fit: for tests and measurements.
    /// - Throws: What ``trainStep(_:)`` throws.
    @discardableResult
    public func step(_ batch: Batch, number: Int = 0, settings: StepSettings = StepSettings()) throws -> Step {
        var step = try makeStep(batch, number: number, epoch: 0, position: number, progress: 0, settings: settings)
        if game == nil {
            try trainStep(&step)
        } else {
            // A game sets modes; a fit puts them back at its end.
            try model.withTraining(true) { try trainStep(&step) }
        }
        return step
    }

    private func makeStep(
        _ batch: Batch, number: Int, epoch: Int, position: Int, progress: Double, settings: StepSettings
    ) throws -> Step {
        let (input, target) = try recovering { withoutGradients { prepare(batch, generator) } }
        return Step(
            number: number, epoch: epoch, position: position, progress: progress, batch: batch, input: input,
            target: target, settings: settings)
    }

    private func fitBatch(_ source: any BatchSource, plan: FitPlan, epoch: Int, progress: Double) throws {
        let number = position.steps
        let place = number % source.batchesPerEpoch
        rememberForRetry(number)
        let batch = try source.batch(epoch: epoch, position: place)
        position.steps = number + 1
        var action: LearnerAction?
        var step: Step
        do {
            step = try makeStep(
                batch, number: number, epoch: epoch, position: place, progress: progress,
                settings: plan.settings(step: number, progress: progress))
            do { try trainStep(&step) } catch let thrown as LearnerAction { action = thrown }
        } catch let error as TorchError where error.code == .outOfMemory {
            return try split(after: error, samples: batch.input.shape.first ?? 1)
        }
        if action == .cancelEpoch { position.steps = (epoch + 1) * source.batchesPerEpoch }
        // What a cancelled batch leaves of gradients must not reach the next step.
        if let action, action != .cancelBatch || (number + 1) % accumulation == 0 { optimizer.clearGradients() }
        do { try notify { try $0.afterBatch(self, step: step) } } catch LearnerAction.cancelBatch {}
        if let action, action != .cancelBatch { throw action }
    }
}

extension Duration {
    /// The duration as a floating-point number of seconds.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
