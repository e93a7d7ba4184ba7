public import HeirloomDatasets
public import HeirloomLayers
public import HeirloomTensors

/// Trains a network: data in, forward, loss, backward, optimizer step, with callbacks between.
///
/// Three layers, each usable alone: ``trainStep(_:)``, ``fit(_:plan:from:)``, and the recipes that call it. A learner
/// belongs to one thread, like its tensors.
public final class Learner {
    /// The network.
    public let model: Module
    /// How the network is called, for networks of any signature.
    public var forward: (Tensor) -> Tensor
    /// Makes the network's input and target of a batch, on the device, without gradients: augmentation and degradation.
    public var prepare: (Batch, Generator) -> (input: Tensor, target: Tensor?)
    /// The loss of a step that has its output; may add figures.
    public var loss: (inout Step) -> Tensor
    /// The optimizer. A new one begins without moments; see ``freeze(_:to:rates:weightDecay:optimizer:)``.
    public internal(set) var optimizer: any Optimizer
    /// Where the training computes.
    public let device: Device
    /// Mixed precision of the forward pass: `bfloat16`, `float16` (with a ``LossScaler``), or nil for float32.
    public var precision: DType?
    /// Keeps float16 gradients from vanishing; made with the learner when the precision is float16.
    public let scaler: LossScaler?
    /// Batches whose gradients are averaged in one optimizer step.
    public var accumulation = 1
    /// Largest L2 norm of all gradients together (Pascanu et al. 2013), or nil.
    public var clipping: Double?
    /// Randomness of augmentation; saved with checkpoints.
    public let generator: Generator
    /// The batches that ``fit(oneCycle:)`` trains on.
    public var data: (any BatchSource)?
    /// Callbacks in the order they run.
    public var callbacks: [any Callback] = []
    /// How far the current fit has come.
    public internal(set) var position = FitPosition()
    /// Into how many parts a batch is split because the whole does not fit into memory; see ``fit(_:plan:from:)``.
    public internal(set) var parts = 1
    /// Where a step that runs out of memory begins again.
    var retry: RetryPoint?
    /// The game, when the network is an ``AdversarialPair``.
    var game: AdversarialGame?
    /// What the network itself draws from.
    let networkGenerators: [(name: String, generator: Generator)]
    /// Steps left out because a gradient was not finite, on the device.
    public let skippedSteps: Tensor

    /// Prepares a learner for a network whose parameters already lie on the device.
    public init(
        model: Module, forward: @escaping (Tensor) -> Tensor,
        prepare: @escaping (Batch, Generator) -> (input: Tensor, target: Tensor?) = { batch, _ in
            (batch.input, batch.target)
        },
        loss: @escaping (inout Step) -> Tensor, optimizer: any Optimizer, device: Device = .cpu,
        precision: DType? = nil, seed: UInt64 = 0
    ) {
        self.model = model
        self.forward = forward
        self.prepare = prepare
        self.loss = loss
        self.optimizer = optimizer
        self.device = device
        self.precision = precision
        scaler = precision == .float16 ? LossScaler(device: device) : nil
        generator = Generator(seed: seed, device: device)
        skippedSteps = .zeros([], device: device)
        networkGenerators = model.generators()
    }

    /// Prepares a learner for a network with one input and one output, and a loss of output and target.
    public convenience init(
        model: some UnaryLayer, loss: @escaping (_ output: Tensor, _ target: Tensor) -> Tensor,
        optimizer: any Optimizer, device: Device = .cpu, precision: DType? = nil, seed: UInt64 = 0
    ) {
        self.init(
            model: model, forward: { model($0) },
            loss: { step in
                guard let output = step.output, let target = step.target else {
                    preconditionFailure("a loss of output and target needs batches with targets")
                }
                return loss(output, target)
            }, optimizer: optimizer, device: device, precision: precision, seed: seed)
    }

    func notify(_ event: (any Callback) throws -> Void) rethrows {
        for callback in callbacks { try event(callback) }
    }
}
