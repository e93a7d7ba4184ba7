import HeirloomTensors

/// A module that can merge its batch normalisations into the convolutions before them.
public protocol BatchNormFolding: Module {
    /// Merges in place: for inference only, there is no way back.
    func foldOwnBatchNorms()
}

extension Module {
    /// Merges the batch normalisations of the whole tree into their convolutions, in place and for inference only.
    public final func foldBatchNorms() {
        for (_, module) in namedModules() { (module as? any BatchNormFolding)?.foldOwnBatchNorms() }
    }
}

extension Conv2d {
    /// A convolution that computes what this one and the normalisation after it compute in inference.
    public func foldingBatchNorm(_ norm: BatchNorm2d) -> Conv2d {
        withoutGradients {
            let (scale, shift) = norm.inferenceScaleAndShift
            let folded = weight.to(dtype: .float64) * scale.reshaped([-1, 1, 1, 1])
            let offset = bias.map { $0.to(dtype: .float64) * scale + shift } ?? shift
            return Conv2d(
                weight: folded.to(dtype: weight.dtype), bias: offset.to(dtype: weight.dtype), stride: stride,
                padding: padding, dilation: dilation, groups: groups)
        }
    }
}
