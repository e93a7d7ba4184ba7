public import HeirloomModels
import HeirloomLayers
public import HeirloomTensors

/// The difference of two pictures as VGG19 sees it: L1 between five inner maps before their ReLU (Wang et al. 2021), a
/// ``FeatureLoss`` with Real-ESRGAN's numbers.
public final class PerceptualLoss {
    /// What the maps of conv1_2, conv2_2, conv3_4, conv4_4 and conv5_4 count.
    public static var weights: [Double] { FeatureLossOptions.realESRGAN.maps.map(\.weight) }
    private let loss: FeatureLoss

    /// Takes a network with ImageNet weights, which it freezes.
    public init(_ network: VGG19) { loss = FeatureLoss(VGG19Maps(network), options: .realESRGAN) }

    /// The loss of pictures against true ones, `[N, 3, H, W]` in 0...1, not clamped; gradients flow to the first. A scalar.
    public func callAsFunction(_ picture: Tensor, truth: Tensor) -> Tensor { loss(picture, truth: truth) }

    /// The mean absolute difference of each map, without weights; scalars.
    public func distances(_ picture: Tensor, truth: Tensor) -> [Tensor] { loss.distances(picture, truth: truth) }
}
