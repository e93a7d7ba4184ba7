public import HeirloomTensors

/// Normalises each channel: by the batch's mean and variance in training, by their running averages otherwise.
///
/// - Shape: `[N, C, …]` → the same. Names and update rule are PyTorch's; the running variance is the unbiased one.
public final class BatchNorm2d: Module, UnaryLayer {
    /// Scale `[C]`.
    @Parameter public var weight: Tensor
    /// Shift `[C]`.
    @Parameter public var bias: Tensor
    /// Running mean `[C]`.
    @Buffer(key: "running_mean") public var runningMean: Tensor
    /// Running variance `[C]`.
    @Buffer(key: "running_var") public var runningVariance: Tensor
    /// Number of batches seen in training: an int64 without axes.
    @Buffer(key: "num_batches_tracked") public var batchesTracked: Tensor

    /// Added to the variance.
    public let epsilon: Double
    /// Share of a new batch in the running averages.
    public let momentum: Double

    /// Creates a normalisation that changes nothing yet.
    public init(channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) {
        self.epsilon = epsilon
        self.momentum = momentum
        weight = .ones([channels])
        bias = .zeros([channels])
        super.init()
        runningMean = .zeros([channels])
        runningVariance = .ones([channels])
        batchesTracked = .zeros([], dtype: .int64)
    }

    /// True: statistics of a half-precision network stay in float32.
    public override var keepsFloat32: Bool { true }

    /// The normalised input; in training the running averages move.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        if isTraining { batchesTracked.add(1) }
        return x.batchNormalized(
            weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
            training: isTraining,
            momentum: momentum, epsilon: epsilon)
    }

    /// What the layer does in inference, as a factor and an addend for each channel, in float64.
    var inferenceScaleAndShift: (scale: Tensor, shift: Tensor) {
        withoutGradients {
            let scale =
                weight.to(dtype: .float64) * (runningVariance.to(dtype: .float64) + epsilon).rsqrt()
            return (scale, bias.to(dtype: .float64) - runningMean.to(dtype: .float64) * scale)
        }
    }
}
