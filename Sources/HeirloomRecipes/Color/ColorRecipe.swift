/// How a colour network is trained, as data.
public struct ColorRecipe: Codable, Sendable, Equatable {
    /// One stretch of training at one picture size, with a one-cycle schedule of its own.
    public struct Phase: Codable, Sendable, Equatable {
        /// Side of the square pictures in pixels: a multiple of 32.
        public var size: Int
        /// Pictures in a batch.
        public var batchSize: Int
        /// Part of the whole run, in time or in pictures.
        public var share: Double
        /// Rate of the decoder at the cycle's top.
        public var rate: Double
        /// The encoder's rate as a part of the decoder's.
        public var encoderFactor: Double
        /// Part of the phase in which the encoder's weights stay as they are.
        public var frozenPart: Double
        /// Part of the phase in which the rate rises.
        public var warmup: Double
        /// Side of the pictures in the feature loss as a part of `size`: 1, or 0.5 to save time.
        public var featureScale: Double

        /// Describes a phase.
        public init(
            size: Int, batchSize: Int, share: Double, rate: Double, encoderFactor: Double = 0.1,
            frozenPart: Double = 0, warmup: Double = 0.15, featureScale: Double = 1
        ) {
            self.size = size
            self.batchSize = batchSize
            self.share = share
            self.rate = rate
            self.encoderFactor = encoderFactor
            self.frozenPart = frozenPart
            self.warmup = warmup
            self.featureScale = featureScale
        }
    }

    /// The phases in order.
    public var phases: [Phase]
    /// The loss.
    public var loss: ColorLoss.Options
    /// What is done to the luma before the network sees it.
    public var degradation: LumaDegradation
    /// How often pictures of a group are drawn relative to the group's size; groups not named count 1.
    public var groupWeights: [String: Double]
    /// Smallest crop as a part of a picture's short side.
    public var smallestCrop: Double
    /// Decoupled weight decay of weights of rank 2 and more.
    public var weightDecay: Double
    /// Largest norm of the gradient.
    public var clipping: Double
    /// Decay of the running average of the weights, which is what is saved.
    public var averageDecay: Double

    /// Describes a recipe; the defaults are those of the weights that come with Heirloom.
    public init(
        phases: [Phase] = Self.standardPhases, loss: ColorLoss.Options = .init(),
        degradation: LumaDegradation = .init(), groupWeights: [String: Double] = Self.standardWeights,
        smallestCrop: Double = 0.76, weightDecay: Double = 1e-2, clipping: Double = 1, averageDecay: Double = 0.998
    ) {
        self.phases = phases
        self.loss = loss
        self.degradation = degradation
        self.groupWeights = groupWeights
        self.smallestCrop = smallestCrop
        self.weightDecay = weightDecay
        self.clipping = clipping
        self.averageDecay = averageDecay
    }

    /// The recipe of the weights that come with Heirloom.
    public static let colorize = ColorRecipe()

    /// Small pictures first: most of what there is to learn about colour is in them, at a fraction of the cost.
    public static let standardPhases = [
        Phase(size: 64, batchSize: 32, share: 0.3, rate: 3e-3, encoderFactor: 0.2, frozenPart: 0.12),
        Phase(size: 96, batchSize: 32, share: 0.4, rate: 1.2e-3, encoderFactor: 0.25, warmup: 0.1),
        Phase(size: 128, batchSize: 32, share: 0.3, rate: 6e-4, encoderFactor: 0.25, warmup: 0.1, featureScale: 0.5),
    ]

    /// People, streets and landscapes are what old films show; animals and garments are plentiful in picture sets.
    public static let standardWeights: [String: Double] = [
        "people": 1.5, "faces": 1.5, "street": 1.2, "landscape": 2, "building": 1.3, "plant": 2, "sport": 1.2,
        "vehicle": 0.8, "night": 0.7, "animal": 0.6, "object": 0.6, "clothing": 0.5, "other": 0.5,
    ]
}
