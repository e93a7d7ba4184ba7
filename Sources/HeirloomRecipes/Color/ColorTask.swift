public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
public import HeirloomTensors
public import HeirloomTraining

/// Colour as a ``TrainingTask``: luma in, chroma out, judged by the pictures that both make.
public final class ColorTask: TrainingTask {
    /// The task's name in model files.
    public let name = "colorize"
    /// What is trained and how.
    public let recipe: ColorRecipe
    /// The network that is trained.
    public let colorNetwork: ColorUNet
    /// What tells its pictures from real ones, in recipes with such phases.
    public let colorCritic: DeOldifyCritic?
    let split: Split
    let device: Device
    private let precision: DType?
    private let features: FeatureLoss?
    private let evaluation: ColorEvaluation

    /// Prepares the task; the networks move to the device.
    /// - Parameters:
    ///   - split: Pictures to train on and to judge by.
    ///   - network: What is trained, with its first weights.
    ///   - features: EfficientNet-Lite0 with ImageNet weights for the feature loss; nil trains without it.
    ///   - classifier: Another EfficientNet-Lite with ImageNet weights, for recognition and perceptual distance; nil
    ///     judges by colour alone.
    ///   - critic: A trained critic to go on with; nil builds one for recipes that need it.
    public init(
        recipe: ColorRecipe, split: Split, network: ColorUNet, features: EfficientNetLite?,
        classifier: EfficientNetLite? = nil, critic: DeOldifyCritic? = nil, device: Device = .cpu,
        precision: DType? = nil, seed: UInt64 = 1
    ) {
        self.recipe = recipe
        self.split = split
        self.device = device
        self.precision = precision
        colorNetwork = network
        let needsCritic = recipe.phases.contains { $0.kind != .generator }
        colorCritic =
            needsCritic
            ? critic ?? DeOldifyCritic(.init(features: recipe.criticFeatures), using: Generator(seed: seed &+ 77))
            : nil
        for module in [network, features, classifier, colorCritic] as [Module?] {
            module?.to(device: device, format: .channelsLast)
        }
        self.features = recipe.loss.featureWeight > 0 ? features.map { FeatureLoss($0) } : nil
        evaluation = ColorEvaluation(classifier: classifier, device: device)
    }

    /// The phases in order.
    public var phases: [TrainingPhase] { recipe.phases }
    /// What is averaged, judged and saved.
    public var network: any BuildableModel { colorNetwork }
    /// What is saved for going on.
    public var critic: (any BuildableModel)? { colorCritic }
    /// Number of training pictures.
    public var pictures: Int { split.training.count }
    /// The pictures' origins.
    public var data: TrainingData { TrainingData(split) }
    /// Decay of the running average.
    public var averageDecay: Double { recipe.averageDecay }

    /// A learner for a phase; in critic and adversarial phases its network is an `AdversarialPair`.
    public func learner(for phase: TrainingPhase, seed: UInt64) throws -> Learner {
        guard phase.kind != .generator else {
            let learner = Learner(
                recipe: recipe, phase: phase, network: colorNetwork, features: features, device: device,
                precision: precision, seed: seed)
            learner.callbacks = [EncoderFreeze(colorNetwork, for: phase.frozenPart)]
            return learner
        }
        guard let colorCritic else { preconditionFailure("a \(phase.kind) phase of a colour task without a critic") }
        colorCritic.randomness = Generator(seed: seed &+ 1, device: device)
        let learner = Learner(
            recipe: recipe, phase: phase, network: colorNetwork, critic: colorCritic, features: features,
            device: device, precision: precision, seed: seed)
        learner.callbacks = [EncoderWeightFreeze(colorNetwork)]
        return learner
    }

    /// Square crops of the training pictures.
    public func batches(for phase: TrainingPhase, batchSize: Int, seed: UInt64) -> any BatchSource {
        PictureBatches(
            store: split.store, pictures: split.training,
            options: .init(
                size: phase.size, batchSize: batchSize, smallestCrop: recipe.smallestCrop, lookAhead: 4),
            seed: seed, weights: recipe.groupWeights)
    }

    /// Recolours held-out pictures and compares them with the truth.
    public func judge(pictures: Int?) throws -> ColorFigures? {
        let held = pictures.map { Array(split.validation.prefix($0)) } ?? split.validation
        return held.isEmpty ? nil : evaluation.figures(of: colorNetwork, on: split.store, pictures: held)
    }
}
