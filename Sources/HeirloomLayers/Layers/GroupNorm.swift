public import HeirloomTensors

/// Normalises groups of channels of each sample.
///
/// - Shape: `[N, C, …]` → the same.
public final class GroupNorm: Module, UnaryLayer {
    /// Scale `[C]`.
    @Parameter public var weight: Tensor
    /// Shift `[C]`.
    @Parameter public var bias: Tensor
    /// Number of groups.
    public let groups: Int
    /// Added to the variance.
    public let epsilon: Double

    /// Creates a normalisation without effect on its own output's scale.
    public init(groups: Int, channels: Int, epsilon: Double = 1e-5) {
        precondition(channels % groups == 0, "GroupNorm: \(channels) channels in \(groups) groups")
        self.groups = groups
        self.epsilon = epsilon
        weight = .ones([channels])
        bias = .zeros([channels])
    }

    /// The normalised input.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        x.groupNormalized(groups: groups, weight: weight, bias: bias, epsilon: epsilon)
    }
}
