public import HeirloomTensors

/// Measures of the difference between pictures `[N, C, H, W]`, 0...1.
public enum FidelityMetrics {
    /// Peak signal-to-noise ratio in dB for a peak of 1; infinite for equal pictures. Returns `[N]`.
    public static func psnr(_ x: Tensor, _ truth: Tensor) -> Tensor {
        (x - truth).squared().mean(axes: [1, 2, 3]).log10() * -10
    }

    /// Structural similarity (Wang et al. 2004): 11×11 Gaussian window of deviation 1.5, only whole windows, mean over
    /// channels and places. Returns `[N]`.
    /// - Precondition: Both sides are at least 11.
    public static func ssim(_ x: Tensor, _ truth: Tensor) -> Tensor {
        let shape = x.shape
        precondition(shape.count == 4 && shape[2] >= 11 && shape[3] >= 11, "ssim of \(x.summary)")
        let offsets = Tensor.range(from: -5, to: 6, dtype: .float64, device: x.device)
        let bell = (offsets.squared() / (-2 * 1.5 * 1.5)).exp()
        let row = (bell / bell.sum()).to(dtype: x.dtype)
        let channels = shape[1]
        func blurred(_ t: Tensor) -> Tensor {
            t.conv2d(row.reshaped([1, 1, 1, 11]).repeated([channels, 1, 1, 1]), groups: channels)
                .conv2d(row.reshaped([1, 1, 11, 1]).repeated([channels, 1, 1, 1]), groups: channels)
        }
        // Variances do not know a common shift; of values around 0 they keep more digits.
        let shift = truth.mean(axes: [2, 3], keepingDimensions: true)
        let (p, q) = (x - shift, truth - shift)
        let (meanP, meanQ) = (blurred(p), blurred(q))
        let varianceA = blurred(p * p) - meanP * meanP
        let varianceB = blurred(q * q) - meanQ * meanQ
        let covariance = blurred(p * q) - meanP * meanQ
        let (a, b) = (meanP + shift, meanQ + shift)
        let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
        let top = (a * b * 2 + c1) * (covariance * 2 + c2)
        let bottom = (a * a + b * b + c1) * (varianceA + varianceB + c2)
        return (top / bottom).mean(axes: [1, 2, 3])
    }
}
