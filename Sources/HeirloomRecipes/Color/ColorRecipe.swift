import HeirloomModels

/// How a colour network is trained, as data.
public struct ColorRecipe: Codable, Sendable, Equatable {
    /// One stretch of training at one picture size.
    public typealias Phase = TrainingPhase

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
    /// Channels of the critic's first layer, in recipes with one.
    public var criticFeatures: Int

    /// Describes a recipe; the defaults are those of ``colorize``.
    public init(
        phases: [Phase] = Self.pretraining + Self.polish, loss: ColorLoss.Options = .init(),
        degradation: LumaDegradation = .init(), groupWeights: [String: Double] = Self.standardWeights,
        smallestCrop: Double = 0.76, weightDecay: Double = 1e-2, clipping: Double = 1, averageDecay: Double = 0.998,
        criticFeatures: Int = 32
    ) {
        self.phases = phases
        self.loss = loss
        self.degradation = degradation
        self.groupWeights = groupWeights
        self.smallestCrop = smallestCrop
        self.weightDecay = weightDecay
        self.clipping = clipping
        self.averageDecay = averageDecay
        self.criticFeatures = criticFeatures
    }

    /// Reads a recipe; all keys that are left out have the standard values.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func optional<T: Decodable>(_ key: CodingKeys, _ standard: T) throws -> T {
            try values.decodeIfPresent(T.self, forKey: key) ?? standard
        }
        let standard = ColorRecipe()
        phases = try optional(.phases, standard.phases)
        loss = try optional(.loss, standard.loss)
        degradation = try optional(.degradation, standard.degradation)
        groupWeights = try optional(.groupWeights, standard.groupWeights)
        smallestCrop = try optional(.smallestCrop, standard.smallestCrop)
        weightDecay = try optional(.weightDecay, standard.weightDecay)
        clipping = try optional(.clipping, standard.clipping)
        averageDecay = try optional(.averageDecay, standard.averageDecay)
        criticFeatures = try optional(.criticFeatures, standard.criticFeatures)
        let fault =
            phases.isEmpty
            ? "a recipe without phases"
            : phases.first { $0.size % ColorUNet.sizeMultiple != 0 }
                .map { "pictures of \($0.size) px: the side must be a multiple of \(ColorUNet.sizeMultiple)" }
        if let fault {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
        }
    }

    /// People, streets and landscapes are what old films show; animals and garments are plentiful in picture sets.
    public static let standardWeights: [String: Double] = [
        "people": 1.5, "faces": 1.5, "street": 1.2, "landscape": 2, "building": 1.3, "plant": 2, "sport": 1.2,
        "vehicle": 0.8, "night": 0.7, "animal": 0.6, "object": 0.6, "clothing": 0.5, "other": 0.5,
    ]
}
