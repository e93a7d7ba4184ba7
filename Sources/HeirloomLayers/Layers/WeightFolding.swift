/// A convolution whose weight is computed from other tensors in every pass, and that a plain one can stand for in
/// inference.
public protocol WeightFolding: UnaryLayer {
    /// A plain convolution with the same output in inference.
    func folded() -> Conv2d
}
