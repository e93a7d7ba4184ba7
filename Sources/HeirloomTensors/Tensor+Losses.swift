import CTorch

/// How a loss over many elements becomes a result.
public enum Reduction: Int32, Sendable {
    /// One value per element.
    case none = 0
    /// The mean.
    case mean = 1
    /// The sum.
    case sum = 2
}

extension Tensor {
    /// Absolute difference.
    public func l1Loss(_ target: Tensor, reduction: Reduction = .mean) -> Tensor {
        loss(CT_LOSS_L1, "l1Loss", target, reduction, 1)
    }
    /// Squared difference.
    public func squaredLoss(_ target: Tensor, reduction: Reduction = .mean) -> Tensor {
        loss(CT_LOSS_MSE, "squaredLoss", target, reduction, 1)
    }
    /// Half the squared difference below `delta`, `delta · (|d| − delta / 2)` above.
    public func huberLoss(_ target: Tensor, delta: Double = 1, reduction: Reduction = .mean) -> Tensor {
        loss(CT_LOSS_HUBER, "huberLoss", target, reduction, delta)
    }
    /// Binary cross-entropy of logits against probabilities.
    public func binaryCrossEntropy(_ target: Tensor, reduction: Reduction = .mean) -> Tensor {
        loss(CT_LOSS_BCE_LOGITS, "binaryCrossEntropy", target, reduction, 1)
    }
    /// Mean cross-entropy of logits `[N, C]` against classes int64 `[N]`.
    public func crossEntropy(_ classes: Tensor, labelSmoothing: Double = 0) -> Tensor {
        make("crossEntropy", [self, classes]) { ct_cross_entropy(handle, classes.handle, labelSmoothing, $0) }
    }

    private func loss(
        _ kind: Int, _ name: StaticString, _ target: Tensor, _ reduction: Reduction, _ delta: Double
    ) -> Tensor {
        make("\(name)", [self, target]) {
            ct_loss(Int32(kind), handle, target.handle, reduction.rawValue, delta, $0)
        }
    }
}
