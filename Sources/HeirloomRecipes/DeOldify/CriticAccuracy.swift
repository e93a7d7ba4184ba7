public import HeirloomTensors

/// How often a critic is right.
public enum CriticAccuracy {
    /// The share of logits on the right side of 0: a scalar.
    /// - Parameters:
    ///   - logits: `[N, M]`, several for each picture.
    ///   - labels: `[N]`, 1 for real pictures and 0 for made ones.
    public static func of(_ logits: Tensor, labels: Tensor) -> Tensor {
        ((logits .> 0) .== (labels .> 0.5).unsqueezed(1)).to(dtype: .float32).mean()
    }
}
