public import HeirloomTensors

/// The loss of a network that enlarges: pixels, the feature loss, and the colour of places.
public final class UpscaleLoss {
    /// The loss's numbers.
    public struct Options: Codable, Sendable, Equatable {
        /// Weight of the mean absolute difference.
        public var pixelWeight: Double
        /// Weight of the feature loss; 0 leaves it out.
        public var featureWeight: Double
        /// Weight of the mean absolute difference of the colours of 8 × 8 pixels, which feature losses let drift.
        public var colorWeight: Double

        /// Sets the numbers.
        public init(pixelWeight: Double = 1, featureWeight: Double = 0.02, colorWeight: Double = 0.5) {
            self.pixelWeight = pixelWeight
            self.featureWeight = featureWeight
            self.colorWeight = colorWeight
        }
    }

    /// Side of the places whose colour is compared, in pixels.
    private static let place = 8

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
    ///   - picture: The network's output, `[N, 3, H, W]`, RGB, not clamped; both sides at least 16.
    ///   - truth: The same shape, 0...1.
    ///   - shift: Counts steps: the feature network, which looks at every second pixel first, sees the pictures one pixel
    ///     further to the right or down every other time, so that it cannot ask for patterns of two pixels.
    public func callAsFunction(_ picture: Tensor, truth: Tensor, shift: Int = 0) -> (
        total: Tensor, figures: [String: Tensor]
    ) {
        let output = picture.to(dtype: .float32)
        let pixels = output.l1Loss(truth)
        var total = pixels * options.pixelWeight
        var figures = ["pixels": pixels.detached()]
        if options.colorWeight > 0 {
            func places(_ x: Tensor) -> Tensor { x.meanPooled(kernel: Self.place, stride: Self.place) }
            total += places(output).l1Loss(places(truth)) * options.colorWeight
        }
        if let features {
            func piece(_ x: Tensor) -> Tensor {
                let (down, right) = (shift % 2, shift / 2 % 2)
                return x.sliced(axis: 2, from: down, to: x.shape[2] - 2 + down)
                    .sliced(axis: 3, from: right, to: x.shape[3] - 2 + right)
            }
            let loss = features(piece(output), truth: piece(truth))
            total += loss * options.featureWeight
            figures["feature"] = loss.detached()
        }
        return (total, figures)
    }
}
