public import HeirloomTraining

/// How DeOldify's published generators were trained (Antic 2019): stages of NoGAN and their numbers, as data.
///
/// ``HeirloomTraining/Learner/init(deOldify:recipe:generator:loss:prepare:device:precision:seed:)`` and its siblings make
/// the learner of each stage. After the first cycle the stages from ``Stage/Kind/pictures`` on may be repeated.
public struct DeOldifyRecipe: Codable, Sendable, Equatable {
    /// One stage.
    public struct Stage: Codable, Sendable, Equatable {
        /// What happens in a stage.
        public enum Kind: String, Codable, Sendable {
            /// The generator learns from the feature loss.
            case generator
            /// The generator colours pictures for the critic: nothing is trained.
            case pictures
            /// The critic learns to tell these from real ones.
            case critic
            /// Both play against each other.
            case game
        }

        /// What happens.
        public var kind: Kind
        /// Side of the square pictures.
        public var size: Int
        /// Pictures in a batch.
        public var batchSize: Int
        /// Passes over the share of the pictures.
        public var epochs: Int
        /// Part of all pictures.
        public var share: Double
        /// The largest rates of the generator's groups, or of the one group of the critic.
        public var rates: GroupRates
        /// Whether the encoder's convolutions stay as they are; its norms always learn.
        public var freezesEncoder: Bool
        /// Part of the stage in which the rate rises; nil keeps it constant.
        public var warmup: Double?
        /// How pictures are changed.
        public var augmentation: Augmentation

        /// Describes a stage.
        public init(
            _ kind: Kind, size: Int, batchSize: Int, epochs: Int = 1, share: Double = 1, rates: GroupRates,
            freezesEncoder: Bool = false, warmup: Double?, augmentation: Augmentation = Augmentation()
        ) {
            self.kind = kind
            self.size = size
            self.batchSize = batchSize
            self.epochs = epochs
            self.share = share
            self.rates = rates
            self.freezesEncoder = freezesEncoder
            self.warmup = warmup
            self.augmentation = augmentation
        }

        /// The plan of a fit over this stage.
        /// - Parameter batchesPerEpoch: Whole batches in the share of the pictures.
        public func plan(batchesPerEpoch: Int) -> FitPlan {
            let length = FitPlan.Length.steps(epochs * batchesPerEpoch)
            guard let warmup else { return FitPlan(length: length) { _ in StepSettings() } }
            return FitPlan(length: length, oneCycle: OneCycle(warmup: warmup))
        }
    }

    /// The stages in order.
    public var stages: [Stage]
    /// What the generator's output is compared by.
    public var loss: FeatureLossOptions
    /// Part of every trained number that decays per unit of rate and step, norms and biases among them.
    public var weightDecay: Double
    /// In the game: weights of the critic's judgement and of the feature loss.
    public var judgementWeight: Double, featureWeight: Double
    /// In the game: the critic's rate as a multiple of the generator's.
    public var criticFactor: Double
    /// In the game: the generator's turn comes after a critic's batch with a loss below this.
    public var threshold: Double

    /// Describes a training.
    public init(
        stages: [Stage], loss: FeatureLossOptions = .deOldify, weightDecay: Double = 1e-3, judgementWeight: Double = 1,
        featureWeight: Double = 1.5, criticFactor: Double = 5, threshold: Double = 0.65
    ) {
        self.stages = stages
        self.loss = loss
        self.weightDecay = weightDecay
        self.judgementWeight = judgementWeight
        self.featureWeight = featureWeight
        self.criticFactor = criticFactor
        self.threshold = threshold
    }
}
