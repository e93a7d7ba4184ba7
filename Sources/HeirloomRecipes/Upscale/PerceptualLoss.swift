public import HeirloomModels
import HeirloomLayers
public import HeirloomTensors

/// The difference of two pictures as VGG19 sees it: L1 between five inner maps before their ReLU (Wang et al. 2021).
public final class PerceptualLoss {
    /// What the maps of conv1_2, conv2_2, conv3_4, conv4_4 and conv5_4 count.
    public static let weights = [0.1, 0.1, 1, 1, 1]
    private let network: VGG19

    /// Takes a network with ImageNet weights, which it freezes.
    public init(_ network: VGG19) {
        self.network = network
        network.train(false)
        network.freeze()
    }

    /// The loss of pictures against true ones, `[N, 3, H, W]` in 0...1, not clamped; gradients flow to the first. A scalar.
    public func callAsFunction(_ picture: Tensor, truth: Tensor) -> Tensor {
        let parts = zip(distances(picture, truth: truth), Self.weights).map { $0 * $1 }
        return parts.dropFirst().reduce(parts[0]) { $0 + $1 }
    }

    /// The mean absolute difference of each map, without weights; scalars.
    public func distances(_ picture: Tensor, truth: Tensor) -> [Tensor] {
        let wanted = withoutGradients { network.features(truth) }
        return zip(network.features(picture), wanted).map { $0.l1Loss($1).to(dtype: .float32) }
    }
}
