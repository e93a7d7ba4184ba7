public import HeirloomDatasets
public import HeirloomTensors

/// The state of one training step, passed through the callbacks.
public struct Step {
    /// Steps of the fit before this one.
    public var number: Int
    /// The epoch and the position in it.
    public var epoch: Int, position: Int
    /// Progress through the fit, 0...1.
    public var progress: Double
    /// What the data set gave.
    public var batch: Batch
    /// What the network gets, set by ``Learner/prepare``.
    public var input: Tensor
    /// What the output is compared with.
    public var target: Tensor?
    /// What the network gave, once it has.
    public var output: Tensor?
    /// The loss: a scalar on the device. Reading it waits for the device.
    public var loss: Tensor?
    /// Parts of the loss and other figures: scalars on the device.
    public var figures: [String: Tensor] = [:]
    /// Which network of an ``AdversarialPair`` trains in this step; nil where both or a single one does.
    public var turn: AdversarialPair.Turn?
    /// What the schedule sets for this step.
    public var settings: StepSettings
}
