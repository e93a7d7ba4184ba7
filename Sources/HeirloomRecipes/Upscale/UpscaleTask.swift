public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
public import HeirloomTensors
public import HeirloomTraining

/// Training a network that enlarges photographs, as a task of a ``TrainingRun``.
public final class UpscaleTask: TrainingTask {
    /// The task's name in model files.
    public let name = "upscale"
    /// What is trained and how.
    public let recipe: UpscaleRecipe
    /// The network in training, on the device.
    public let upscaler: SRVGGNetCompact
    /// The pictures' origins, for the record.
    public let data: TrainingData
    let game: UNetDiscriminatorSN?
    private let split: Split
    private let features: FeatureLoss?
    private let evaluation: UpscaleJudge
    private let device: Device
    private let precision: DType?

    /// Prepares the training.
    /// - Parameters:
    ///   - start: The network that training begins with; it moves to the device.
    ///   - data: Pictures to train on and to judge by. Those that are smaller than a phase's pieces take no part in it:
    ///     enlarged pictures would teach softness.
    ///   - features: EfficientNet-Lite0 with ImageNet weights for the feature loss and its figures, which moves to the
    ///     device; nil trains on pixels alone.
    ///   - seed: Of the critic's first weights.
    /// - Throws: `TrainingError` for a recipe that cannot be run; `DatasetError` when no picture is large enough.
    public init(
        _ recipe: UpscaleRecipe, start: SRVGGNetCompact, data: Split, features: EfficientNetLite?,
        device: Device = .cpu, precision: DType? = nil, seed: UInt64 = 1
    ) throws {
        if let fault = recipe.fault { throw TrainingError(code: .unfittingState, reason: fault) }
        precondition(start.configuration == recipe.network, "the recipe is for another network than the start")
        let sizes = recipe.phases.map(\.size)
        let (least, largest) = (sizes.min() ?? 0, sizes.max() ?? 0)
        let usable = Split(
            store: data.store, training: Self.pictures(data.training, of: data.store, atLeast: least),
            validation: data.validation)
        guard !Self.pictures(usable.training, of: data.store, atLeast: largest).isEmpty else {
            throw DatasetError(
                code: .tooSmall, path: data.store.path,
                reason: "has no picture whose shorter side is at least \(largest) pixels; pack larger photographs")
        }
        self.recipe = recipe
        self.device = device
        self.precision = precision
        split = usable
        self.data = TrainingData(usable)
        upscaler = start
        upscaler.to(device: device, format: .channelsLast)
        features?.to(device: device, format: .channelsLast)
        self.features = features.map { FeatureLoss($0) }
        let plays = recipe.phases.contains { $0.kind != .generator }
        game = plays ? UNetDiscriminatorSN(recipe.critic, using: Generator(seed: seed &+ 0xC217)) : nil
        game?.to(device: device, format: .channelsLast)
        evaluation = UpscaleJudge(
            store: data.store, pictures: data.validation, scale: recipe.scale, degradation: recipe.degradation,
            features: self.features, device: device)
    }

    private static func pictures(_ indices: [Int], of store: PackedStore, atLeast side: Int) -> [Int] {
        indices.filter { min(store.entries[$0].width, store.entries[$0].height) >= side }
    }

    /// The phases in order.
    public var phases: [TrainingPhase] { recipe.phases }
    /// What is averaged, judged and saved.
    public var network: any BuildableModel { upscaler }
    /// The second network of critic and adversarial phases.
    public var critic: (any BuildableModel)? { game }
    /// Number of training pictures.
    public var pictures: Int { split.training.count }
    /// Decay of the running average of the weights.
    public var averageDecay: Double { recipe.averageDecay }

    /// Pieces of whole pixels of the pictures that are large enough, half of them mirrored.
    public func batches(for phase: TrainingPhase, batchSize: Int, seed: UInt64) -> any BatchSource {
        PictureBatches(
            store: split.store, pictures: Self.pictures(split.training, of: split.store, atLeast: phase.size),
            options: .init(size: phase.size, batchSize: batchSize, wholePixels: true, lookAhead: 4), seed: seed,
            weights: recipe.groupWeights.isEmpty ? nil : recipe.groupWeights)
    }

    /// Judges the network on held-out pictures, made small in a fixed way; nil when there are none.
    public func judge(pictures: Int?) throws -> UpscaleFigures? {
        evaluation.figures(of: upscaler, pictures: pictures)
    }

    /// Held-out pictures: what goes in, what comes out, what should.
    public func preview() -> PreviewSheet? { evaluation.preview(of: upscaler) }

    // MARK: Learners

    /// A learner for a phase.
    public func learner(for phase: TrainingPhase, seed: UInt64) throws -> Learner {
        let learner =
            switch phase.kind {
            case .generator: generatorLearner(phase, seed)
            case .critic: criticLearner(phase, seed)
            case .adversarial: adversarialLearner(phase, seed)
            }
        learner.clipping = recipe.clipping
        return learner
    }

    private func generatorLearner(_ phase: TrainingPhase, _ seed: UInt64) -> Learner {
        Learner(
            model: upscaler, forward: { [upscaler] in upscaler($0) }, prepare: preparation, loss: loss,
            optimizer: AdamW(ParameterGroup.of(upscaler, rate: phase.rate, weightDecay: recipe.weightDecay)),
            device: device, precision: precision, seed: seed)
    }

    /// Shows the critic what the network makes; the network stays as it is.
    private func criticLearner(_ phase: TrainingPhase, _ seed: UInt64) -> Learner {
        let (critic, prepare) = (playing, preparation)
        return Learner(
            model: critic, forward: { critic($0) },
            prepare: { [upscaler, device, precision] batch, generator in
                let (small, truth) = prepare(batch, generator)
                let made = upscaler.withTraining(false) {
                    withMixedPrecision(precision, on: device) { upscaler(small) }
                }
                return (made.to(dtype: .float32), truth)
            },
            loss: { [device, precision] step in
                let (made, truth) = Self.pair(step)
                let real = withMixedPrecision(precision, on: device) { critic(truth) }
                return AdversarialLoss.critic(real: real, fake: made)
            }, optimizer: AdamW(ParameterGroup.of(critic, rate: phase.rate, weightDecay: 0), beta1: 0.9),
            device: device,
            precision: precision, seed: seed)
    }

    /// Both on every batch, as Real-ESRGAN trains (Wang et al. 2021); pixels and features hold the network where it is.
    private func adversarialLearner(_ phase: TrainingPhase, _ seed: UInt64) -> Learner {
        let (critic, ordinary) = (playing, loss)
        return Learner(
            adversarial: AdversarialPair(generator: upscaler, critic: critic), generate: { [upscaler] in upscaler($0) },
            criticLoss: { step in
                let (made, truth) = Self.pair(step)
                return AdversarialLoss.critic(real: critic(truth), fake: critic(made))
            },
            generatorLoss: { step in
                let (made, _) = Self.pair(step)
                let taken = AdversarialLoss.generator(fake: critic(made))
                return ordinary(&step) + taken * phase.adversarialWeight
            }, prepare: preparation,
            generatorGroups: ParameterGroup.of(upscaler, rate: phase.rate, weightDecay: recipe.weightDecay),
            criticGroups: ParameterGroup.of(critic, rate: phase.rate * phase.criticFactor, weightDecay: 0),
            rule: .every,
            beta1: 0.9, beta2: 0.99, device: device, precision: precision, seed: seed)
    }

    private var playing: UNetDiscriminatorSN {
        guard let game else { preconditionFailure("a phase with a critic in a recipe without one") }
        return game
    }

    /// Small pictures and true ones of a batch of pieces.
    private var preparation: (Batch, Generator) -> (input: Tensor, target: Tensor?) {
        { [recipe, device] batch, generator in
            let truth = batch.input.to(device: device, nonblocking: true).to(dtype: .float32) / 255
            return (recipe.degradation(truth, scale: recipe.scale, using: generator), truth)
        }
    }

    private var loss: (inout Step) -> Tensor {
        let loss = UpscaleLoss(recipe.loss, features: features)
        return { step in
            let (made, truth) = Self.pair(step)
            let (total, figures) = loss(made, truth: truth, shift: step.number)
            step.figures.merge(figures) { $1 }
            return total
        }
    }

    private static func pair(_ step: Step) -> (made: Tensor, truth: Tensor) {
        guard let made = step.output, let truth = step.target else {
            preconditionFailure("a loss before the network's output")
        }
        return (made, truth)
    }
}
