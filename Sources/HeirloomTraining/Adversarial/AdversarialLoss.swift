public import HeirloomTensors

/// The game on logits: binary cross-entropy, in float32, as the mean over everything the critic gives (Goodfellow et
/// al. 2014 with the generator's non-saturating loss; DeOldify's "adaptive" critic loss).
public enum AdversarialLoss {
    /// `(BCE(real, 1) + BCE(fake, 0)) / 2`: a scalar, ln 2 for a critic that knows nothing.
    /// - Parameters:
    ///   - real: Logits of any shape for real pictures.
    ///   - fake: Logits of any shape for made pictures.
    public static func critic(real: Tensor, fake: Tensor) -> Tensor { (entropy(real, 1) + entropy(fake, 0)) / 2 }

    /// `BCE(fake, 1)`: a scalar that is small when made pictures are taken for real.
    /// - Parameter fake: Logits of any shape for made pictures.
    public static func generator(fake: Tensor) -> Tensor { entropy(fake, 1) }

    private static func entropy(_ logits: Tensor, _ label: Double) -> Tensor {
        logits.to(dtype: .float32).binaryCrossEntropy(.full(logits.shape, label, device: logits.device))
    }
}
