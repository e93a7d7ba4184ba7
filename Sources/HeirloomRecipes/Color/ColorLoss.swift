import HeirloomSignals
public import HeirloomTensors

/// The loss of a colour network: Huber on chroma, saturated places counting more, plus the feature loss of the picture
/// that chroma and luma make.
public final class ColorLoss {
    /// The loss's numbers.
    public struct Options: Codable, Sendable, Equatable {
        /// Chroma differences above this count linearly.
        public var delta: Double
        /// How much more a saturated place counts than a grey one.
        public var saturationWeight: Double
        /// Weight of the feature loss; 0 leaves it out.
        public var featureWeight: Double

        /// Sets the numbers.
        public init(delta: Double = 0.1, saturationWeight: Double = 16, featureWeight: Double = 0.05) {
            self.delta = delta
            self.saturationWeight = saturationWeight
            self.featureWeight = featureWeight
        }
    }

    /// Chroma length above which a place does not count still more, and the mean length in photographs.
    private static let largestChroma = 0.25, meanChroma = 0.065

    /// The numbers.
    public let options: Options
    private let features: FeatureLoss?

    /// Prepares the loss.
    /// - Parameter features: Nil leaves the feature loss out, whatever its weight.
    public init(_ options: Options = Options(), features: FeatureLoss?) {
        self.options = options
        self.features = options.featureWeight > 0 ? features : nil
    }

    /// The loss and its parts, scalars.
    /// - Parameters:
    ///   - chroma: The network's output `[N, 2, H, W]`.
    ///   - truth: The true chroma.
    ///   - luma: What the network saw `[N, 1, H, W]`.
    ///   - featureScale: Size of the pictures in the feature loss as a part of their size.
    public func callAsFunction(chroma: Tensor, truth: Tensor, luma: Tensor, featureScale: Double = 1) -> (
        total: Tensor, figures: [String: Tensor]
    ) {
        let output = chroma.to(dtype: .float32)
        let weight = withoutGradients {
            let length = truth.norm(axes: [1], keepingDimensions: true).clamped(to: ...Self.largestChroma)
            let k = options.saturationWeight
            return (length * k + 1) / ((1 + k * Self.meanChroma) * options.delta)
        }
        let error = output.huberLoss(truth, delta: options.delta, reduction: .none)
            .sum(axes: [1], keepingDimensions: true)
        let chromaLoss = (error * weight).mean()
        guard let features else { return (chromaLoss, ["chroma": chromaLoss.detached()]) }
        let matrix = YCbCrMatrix.bt601
        func picture(_ chroma: Tensor) -> Tensor {
            let whole = matrix.combined(luma: luma, chroma: chroma)
            guard featureScale < 1 else { return whole }
            let side = whole.shape.suffix(2).map { Int((Double($0) * featureScale).rounded()) }
            return whole.resized(height: side[0], width: side[1], mode: .area)
        }
        let featureLoss = features(picture(output), truth: withoutGradients { picture(truth) })
        return (
            chromaLoss + featureLoss * options.featureWeight,
            ["chroma": chromaLoss.detached(), "feature": featureLoss.detached()]
        )
    }
}
