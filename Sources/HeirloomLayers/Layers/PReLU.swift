public import HeirloomTensors

/// x where positive, slope · x elsewhere, with learned slopes.
///
/// - Shape: `[N, C, …]` → the same.
public final class PReLU: Module, UnaryLayer {
    /// One slope per channel `[C]`, or one for all `[1]`.
    @Parameter public var weight: Tensor

    /// Creates the activation with all slopes 0.25.
    public init(channels: Int = 1) { weight = .full([channels], 0.25) }

    /// The activated input.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.prelu(weight) }
}
