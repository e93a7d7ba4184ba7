public import HeirloomTensors

/// Measures of colour in pictures `[N, 3, H, W]`, sRGB 0...1.
public enum ColorMetrics {
    /// Colourfulness after Hasler and Süsstrunk (2003), in their scale of 0 to 255: 0 is grey, 15 slightly, 33
    /// moderately, 59 quite, 82 highly colourful.
    /// - Returns: `[N]`.
    public static func colorfulness(_ rgb: Tensor) -> Tensor {
        let x = rgb * 255
        let (r, g, b) = (x[TensorIndex.all, 0], x[TensorIndex.all, 1], x[TensorIndex.all, 2])
        let opponents = [r - g, (r + g) * 0.5 - b]
        let variance = opponents.map { $0.variance(axes: [1, 2]) }
        let mean = opponents.map { $0.mean(axes: [1, 2]).squared() }
        return (variance[0] + variance[1]).sqrt() + (mean[0] + mean[1]).sqrt() * 0.3
    }

    /// Mean distance in the a*b* plane of CIELAB: how far the hues and saturations are off, lightness left out.
    /// - Returns: `[N]`.
    public static func chromaError(_ rgb: Tensor, _ truth: Tensor) -> Tensor {
        let (a, b) = (Lab.fromSRGB(rgb)[TensorIndex.all, 1...2], Lab.fromSRGB(truth)[TensorIndex.all, 1...2])
        return (a - b).norm(axes: [1]).mean(axes: [1, 2])
    }

    /// Mean length of (a*, b*): how saturated a picture is. Returns `[N]`.
    public static func meanChroma(_ rgb: Tensor) -> Tensor {
        Lab.fromSRGB(rgb)[TensorIndex.all, 1...2].norm(axes: [1]).mean(axes: [1, 2])
    }
}
