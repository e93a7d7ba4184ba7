public import HeirloomDatasets
import HeirloomLayers
public import HeirloomTensors

extension Learner {
    /// A learner for a generator and its critic; both already lie on the device.
    ///
    /// Modes, gradients and turns are handled inside. `fit`, ``CheckpointSaver`` and ``Recorder`` work as for one
    /// network; ``ExponentialMovingAverage`` of the generator moves when the generator has moved. The losses appear as
    /// figures `critic` and `generator`, averaged over the batches in which they occurred. A plan of constant settings
    /// keeps the betas; one with momentum (``OneCycle``) sets both first betas. With ``clipping`` and
    /// ``AdversarialRule/every`` the norm is that of both networks together.
    /// - Parameters:
    ///   - generate: Calls the generator.
    ///   - criticLoss: The critic's loss, in mixed precision where the learner has one: `step.output` is what the
    ///     generator made, without gradients, `step.target` is real; the closure calls the critic on both.
    ///   - generatorLoss: The generator's loss, likewise: `step.output` has gradients; the closure calls the critic.
    ///   - prepare: Makes input and target of a batch, on the device, without gradients.
    ///   - generatorGroups: What is trained of the generator, at which rates.
    ///   - criticGroups: What is trained of the critic; DeOldify's rate is five times the generator's.
    ///   - rule: Which network trains on a batch.
    ///   - beta1: First beta of both Adams; 0 lets an opponent's sudden moves be forgotten at once.
    ///   - beta2: Second beta of both.
    public convenience init(
        adversarial pair: AdversarialPair, generate: @escaping (Tensor) -> Tensor,
        criticLoss: @escaping (inout Step) -> Tensor, generatorLoss: @escaping (inout Step) -> Tensor,
        prepare: @escaping (Batch, Generator) -> (input: Tensor, target: Tensor?) = { batch, _ in
            (batch.input, batch.target)
        },
        generatorGroups: [ParameterGroup], criticGroups: [ParameterGroup], rule: AdversarialRule, beta1: Double = 0,
        beta2: Double = 0.9, device: Device = .cpu, precision: DType? = nil, seed: UInt64 = 0
    ) {
        let inPrecision = { (loss: @escaping (inout Step) -> Tensor) in
            { (step: inout Step) in withMixedPrecision(precision, on: device) { loss(&step) } }
        }
        self.init(
            model: pair, forward: generate, prepare: prepare, loss: inPrecision(generatorLoss),
            optimizer: AdversarialOptimizer(
                generator: AdamW(generatorGroups, beta1: beta1, beta2: beta2),
                critic: AdamW(criticGroups, beta1: beta1, beta2: beta2)),
            device: device, precision: precision, seed: seed)
        game = AdversarialGame(pair, rule: rule, criticLoss: inPrecision(criticLoss))
    }

    /// A learner for a generator and its critic with DeOldify's adaptive rule.
    /// - Parameter threshold: The generator trains once after a batch whose critic loss is below this.
    public convenience init(
        adversarial pair: AdversarialPair, generate: @escaping (Tensor) -> Tensor,
        criticLoss: @escaping (inout Step) -> Tensor, generatorLoss: @escaping (inout Step) -> Tensor,
        prepare: @escaping (Batch, Generator) -> (input: Tensor, target: Tensor?) = { batch, _ in
            (batch.input, batch.target)
        },
        generatorGroups: [ParameterGroup], criticGroups: [ParameterGroup], threshold: Double = 0.65, beta1: Double = 0,
        beta2: Double = 0.9, device: Device = .cpu, precision: DType? = nil, seed: UInt64 = 0
    ) {
        self.init(
            adversarial: pair, generate: generate, criticLoss: criticLoss, generatorLoss: generatorLoss,
            prepare: prepare, generatorGroups: generatorGroups, criticGroups: criticGroups,
            rule: .adaptive(threshold: threshold), beta1: beta1, beta2: beta2, device: device, precision: precision,
            seed: seed)
    }
}
