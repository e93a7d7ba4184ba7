/// What a ``FeatureLoss`` compares, and how much each part counts.
public struct FeatureLossOptions: Codable, Sendable, Equatable {
    /// How two pictures themselves are compared, each element with its partner; the mean counts.
    public enum Base: Codable, Sendable, Equatable {
        /// The absolute difference.
        case absolute
        /// The squared difference.
        case squared
        /// Half the square below `delta`, linear above.
        case huber(delta: Double)
    }

    /// How one map counts.
    public struct Map: Codable, Sendable, Equatable {
        /// Factor of the mean absolute difference of the maps.
        public var weight: Double
        /// Factor of the mean absolute difference of their Gram matrices; 0 leaves these out.
        public var gramWeight: Double
        /// What the difference of the maps is divided by: their usual size, so that weights of 1 count alike.
        public var scale: Double

        /// Sets the numbers.
        public init(weight: Double = 1, gramWeight: Double = 0, scale: Double = 1) {
            self.weight = weight
            self.gramWeight = gramWeight
            self.scale = scale
        }
    }

    /// The comparison of the pictures themselves; nil leaves it out.
    public var base: Base?
    /// Its factor.
    public var baseWeight: Double
    /// The maps, in the order of the feature network.
    public var maps: [Map]

    /// Sets the numbers.
    public init(base: Base? = .absolute, baseWeight: Double = 1, maps: [Map]) {
        self.base = base
        self.baseWeight = baseWeight
        self.maps = maps
    }

    /// DeOldify's: L1 of the pictures, and of three maps of VGG16-BN times 20, 70 and 10.
    public static let deOldify = FeatureLossOptions(maps: [20, 70, 10].map { Map(weight: $0) })

    /// That of fastai's lesson 7 (2019): weights w of 5, 15 and 2, and Gram matrices times 5000 · w².
    public static let lesson7 = FeatureLossOptions(
        maps: [5, 15, 2].map { Map(weight: $0, gramWeight: 5000 * $0 * $0) })

    /// Heirloom's own, over four maps of EfficientNet-Lite, without a comparison of the pictures themselves. Each map adds
    /// about 1 for unrelated photographs.
    public static let efficientNetLite = FeatureLossOptions(
        base: nil, maps: [6.4, 8.5, 7.4, 6.3].map { Map(scale: $0) })

    /// Real-ESRGAN's perceptual loss, over five maps of VGG19.
    public static let realESRGAN = FeatureLossOptions(base: nil, maps: [0.1, 0.1, 1, 1, 1].map { Map(weight: $0) })
}
