public import HeirloomLayers
public import HeirloomTensors

/// A frozen network whose inner maps a ``FeatureLoss`` compares: of pictures, or of anything that has their form, such as
/// spectrograms.
public protocol FeatureNetwork {
    /// The network itself, which the loss freezes.
    var module: Module { get }

    /// The inner maps of a batch, in an order that never changes.
    ///
    /// What the network expects beyond the loss's own range (normalising, clamping, a memory order) happens in here, and
    /// gradients flow through it.
    /// - Shape: `[N, C, H, W]` → `[N, Cᵢ, Hᵢ, Wᵢ]` for each map.
    func maps(of x: Tensor) -> [Tensor]
}
