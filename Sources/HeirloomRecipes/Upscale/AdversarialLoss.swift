public import HeirloomTensors

/// The game of a network that makes pictures with one that tells them from real ones (Goodfellow et al. 2014), on logits.
public enum AdversarialLoss {
    /// What makes pictures loses where its own are not taken for real. A scalar.
    /// - Parameter weight: of the game beside the other losses.
    public static func generator(_ logits: Tensor, weight: Double = 0.1) -> Tensor {
        (-logits).softplus().mean() * weight
    }

    /// What tells them apart loses where real pictures are not taken for real. A scalar.
    public static func real(_ logits: Tensor) -> Tensor { (-logits).softplus().mean() }

    /// What tells them apart loses where made pictures are taken for real. A scalar.
    public static func made(_ logits: Tensor) -> Tensor { logits.softplus().mean() }
}
