public import HeirloomModels
import HeirloomLayers
public import HeirloomTensors

/// The difference of two pictures as a frozen network sees it: a comparison of the pictures themselves, L1 between inner
/// maps, and L1 between the maps' Gram matrices, each with a weight (Gatys et al. 2016; Johnson et al. 2016).
public final class FeatureLoss {
    /// The parts of a loss with their weights, float32 scalars.
    public struct Parts {
        /// Of the pictures themselves; nil where they are not compared.
        public let base: Tensor?
        /// Of the maps.
        public let maps: [Tensor]
        /// Of the Gram matrices, for the maps that have a weight for them.
        public let grams: [Tensor]

        /// The sum.
        public var total: Tensor {
            let all = (base.map { [$0] } ?? []) + maps + grams
            return all.dropFirst().reduce(all[0]) { $0 + $1 }
        }
    }

    /// What counts how much.
    public let options: FeatureLossOptions
    private let network: any FeatureNetwork

    /// Takes a network, which it freezes.
    /// - Precondition: The options have a weight for each map of the network, and at least one part.
    public init(_ network: any FeatureNetwork, options: FeatureLossOptions) {
        precondition(!options.maps.isEmpty || options.base != nil, "a feature loss that compares nothing")
        self.network = network
        self.options = options
        network.module.train(false)
        network.module.freeze()
    }

    /// Heirloom's loss, over a network with ImageNet weights, which it freezes.
    public convenience init(_ network: EfficientNetLite) {
        let options = FeatureLossOptions.efficientNetLite
        self.init(EfficientNetLiteMaps(network, taps: options.maps.count), options: options)
    }

    /// A loss over VGG16 with batch norms, which it freezes.
    /// - Parameter takesNormalized: Whether pictures come normalised by ImageNet's mean and deviation, as DeOldify trains.
    public convenience init(
        _ network: VGG16BN, options: FeatureLossOptions = .deOldify, takesNormalized: Bool
    ) {
        self.init(VGG16BNMaps(network, takesNormalized: takesNormalized), options: options)
    }

    /// The loss of pictures against true ones, `[N, C, H, W]` as the network takes them; gradients flow to the first. A
    /// scalar.
    public func callAsFunction(_ picture: Tensor, truth: Tensor) -> Tensor { parts(picture, truth: truth).total }

    /// The same, part by part.
    public func parts(_ picture: Tensor, truth: Tensor) -> Parts {
        let base = options.base.map { Self.compared(picture, truth, by: $0) * options.baseWeight }
        let pairs = options.maps.isEmpty ? [] : pairs(picture, truth)
        let maps = zip(pairs, options.maps).map { pair, map in
            let distance = pair.found.l1Loss(pair.wanted).to(dtype: .float32)
            let scaled = map.scale == 1 ? distance : distance / map.scale
            return map.weight == 1 ? scaled : scaled * map.weight
        }
        let grams = zip(pairs, options.maps).filter { $1.gramWeight != 0 }.map { pair, map in
            let wanted = withoutGradients { Self.gramMatrix(pair.wanted) }
            return Self.gramMatrix(pair.found).l1Loss(wanted) * map.gramWeight
        }
        return Parts(base: base, maps: maps, grams: grams)
    }

    /// The mean absolute difference of each map, without weights; scalars.
    public func distances(_ picture: Tensor, truth: Tensor) -> [Tensor] {
        pairs(picture, truth).map { $0.found.l1Loss($0.wanted).to(dtype: .float32) }
    }

    /// How much each pair of channels occurs together, wherever it does: `[N, C, H, W]` → `[N, C, C]`, X Xᵀ / (C·H·W) in
    /// float32.
    public static func gramMatrix(_ map: Tensor) -> Tensor {
        guard map.isDefined else { return map }
        let rows = map.to(dtype: .float32).flattened(from: 2)
        return rows.matmul(rows.swappingAxes(1, 2)) / Double(map.shape[1] * map.shape[2] * map.shape[3])
    }

    private func pairs(_ picture: Tensor, _ truth: Tensor) -> [(found: Tensor, wanted: Tensor)] {
        let wanted = withoutGradients { network.maps(of: truth) }
        let found = network.maps(of: picture)
        precondition(
            found.count == options.maps.count,
            "a feature network with \(found.count) maps, and weights for \(options.maps.count)")
        return zip(found, wanted).map { ($0, $1) }
    }

    private static func compared(_ a: Tensor, _ b: Tensor, by base: FeatureLossOptions.Base) -> Tensor {
        let (a, b) = (a.to(dtype: .float32), b.to(dtype: .float32))
        switch base {
        case .absolute: return a.l1Loss(b)
        case .squared: return a.squaredLoss(b)
        case .huber(let delta): return a.huberLoss(b, delta: delta)
        }
    }
}
