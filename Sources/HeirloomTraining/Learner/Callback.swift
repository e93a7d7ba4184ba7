/// Code that takes part in training; every event has an empty default.
///
/// Callbacks run in the order of ``Learner/callbacks``. What they throw ends the fit, except a ``LearnerAction``.
public protocol Callback: AnyObject {
    /// Before the first batch.
    func beforeFit(_ learner: Learner) throws
    /// Before the first batch of an epoch.
    func beforeEpoch(_ learner: Learner, epoch: Int) throws
    /// Input and target are there; they may be changed.
    func beforeBatch(_ learner: Learner, step: inout Step) throws
    /// The output is there: of a part of the batch where it is computed in parts, as in ``afterLoss(_:step:)``.
    func afterPrediction(_ learner: Learner, step: inout Step) throws
    /// The loss is there.
    func afterLoss(_ learner: Learner, step: inout Step) throws
    /// The gradients are there, the optimizer's step is not done.
    func beforeStep(_ learner: Learner, step: inout Step) throws
    /// The optimizer's step is done; not called for batches that only accumulate.
    func afterStep(_ learner: Learner, step: inout Step) throws
    /// After a batch, also after a cancelled one.
    func afterBatch(_ learner: Learner, step: Step) throws
    /// A batch did not fit into memory; it is tried again in so many parts, and so are all after it. With accumulation
    /// the batches that belong to the same optimizer step are done again.
    func batchWasSplit(_ learner: Learner, parts: Int) throws
    /// After an epoch, also after a cancelled one.
    func afterEpoch(_ learner: Learner, epoch: Int) throws
    /// After the last batch of a fit that was not ended by an error.
    func afterFit(_ learner: Learner) throws
    /// At the end of a fit, whatever ended it.
    func cleanUp(_ learner: Learner)
}

extension Callback {
    /// Does nothing.
    public func beforeFit(_ learner: Learner) throws {}
    /// Does nothing.
    public func beforeEpoch(_ learner: Learner, epoch: Int) throws {}
    /// Does nothing.
    public func beforeBatch(_ learner: Learner, step: inout Step) throws {}
    /// Does nothing.
    public func afterPrediction(_ learner: Learner, step: inout Step) throws {}
    /// Does nothing.
    public func afterLoss(_ learner: Learner, step: inout Step) throws {}
    /// Does nothing.
    public func beforeStep(_ learner: Learner, step: inout Step) throws {}
    /// Does nothing.
    public func afterStep(_ learner: Learner, step: inout Step) throws {}
    /// Does nothing.
    public func afterBatch(_ learner: Learner, step: Step) throws {}
    /// Does nothing.
    public func batchWasSplit(_ learner: Learner, parts: Int) throws {}
    /// Does nothing.
    public func afterEpoch(_ learner: Learner, epoch: Int) throws {}
    /// Does nothing.
    public func afterFit(_ learner: Learner) throws {}
    /// Does nothing.
    public func cleanUp(_ learner: Learner) {}
}
