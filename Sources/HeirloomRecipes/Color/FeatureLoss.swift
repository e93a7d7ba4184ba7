public import HeirloomModels
import HeirloomLayers
public import HeirloomTensors

/// The difference of two pictures as a frozen ImageNet classifier sees it: L1 between its inner maps (Johnson et al.
/// 2016, with the weights of the maps chosen so that each adds about 1 for unrelated pictures).
public final class FeatureLoss {
    /// Mean absolute values that the maps at strides 2, 4, 8 and 16 are divided by.
    public static let scales = [6.4, 8.5, 7.4, 6.3]
    private let network: EfficientNetLite

    /// Takes a network with ImageNet weights, which it freezes.
    public init(_ network: EfficientNetLite) {
        self.network = network
        network.train(false)
        network.freeze()
    }

    /// The loss of pictures against true ones, `[N, 3, H, W]` in 0...1; gradients flow to the first. A scalar.
    public func callAsFunction(_ picture: Tensor, truth: Tensor) -> Tensor {
        func features(_ x: Tensor) -> [Tensor] {
            let input = EfficientNetLite.normalized(x.clamped(to: 0...1)).contiguous(.channelsLast)
            return network.features(input, taps: Self.scales.count)
        }
        let wanted = withoutGradients { features(truth) }
        let parts = zip(zip(features(picture), wanted), Self.scales).map { pair, scale in
            pair.0.l1Loss(pair.1).to(dtype: .float32) / scale
        }
        return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    }
}
