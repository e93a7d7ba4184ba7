import Foundation
public import HeirloomTensors

/// What pictures suffer on their way, as training imitates it.
extension Tensor {
    /// Correlation with kernels, the border mirrored without repeating the edge.
    ///
    /// - Shape: `[N, C, H, W]` → the same; H and W larger than half the kernel.
    /// - Parameter kernels: `[k, k]` for all pictures or `[N, k, k]`, k odd.
    public func filtered(by kernels: Tensor) -> Tensor {
        guard isDefined else { return self }
        let (shape, side) = (shape, kernels.shape[kernels.rank - 1])
        let reach = side / 2
        let each = kernels.rank == 3 ? kernels : kernels.unsqueezed(0).expanded([shape[0], -1, -1])
        let weight = each.to(dtype: dtype, device: device).repeatedElements(shape[1], axis: 0).unsqueezed(1)
        return padded([reach, reach, reach, reach], mode: .reflect)
            .reshaped([1, shape[0] * shape[1], shape[2] + 2 * reach, shape[3] + 2 * reach])
            .conv2d(weight, groups: shape[0] * shape[1]).reshaped(shape)
    }

    /// Edges made stronger: unsharp masking where the difference to a wide blur exceeds a threshold, faded in softly.
    ///
    /// The network's target in training, so that it learns to sharpen a little more than to restore.
    /// - Shape: `[N, C, H, W]`, 0...1 → the same; at least 26 × 26.
    public func sharpened(amount: Double = 0.5, threshold: Double = 10) -> Tensor {
        // OpenCV's automatic deviation for a Gaussian of 51 samples.
        let size = 51
        let deviation = 0.3 * (Double(size - 1) * 0.5 - 1) + 0.8
        let bell = (0..<size).map { (index: Int) -> Double in
            let distance = Double(index) - Double(size - 1) / 2
            return Foundation.exp(-distance * distance / (2 * deviation * deviation))
        }
        let sum = bell.reduce(0, +)
        let row = Tensor(bell.map { $0 / sum }, device: .cpu).to(dtype: dtype, device: device)
        func blurred(_ x: Tensor) -> Tensor {
            let (shape, reach) = (x.shape, size / 2)
            return x.padded([reach, reach, reach, reach], mode: .reflect)
                .reshaped([shape[0] * shape[1], 1, shape[2] + 2 * reach, shape[3] + 2 * reach])
                .conv2d(row.reshaped([1, 1, size, 1])).conv2d(row.reshaped([1, 1, 1, size])).reshaped(shape)
        }
        let residual = self - blurred(self)
        let mask = blurred((residual.abs() * 255 .> threshold).to(dtype: dtype))
        return mask * (self + residual * amount).clamped(to: 0...1) + (1 - mask) * self
    }

    /// Resized by a factor as PyTorch's `interpolate(scale_factor:)` does: the factor itself places the samples, not the
    /// ratio of the whole sizes; nothing is filtered against aliasing.
    ///
    /// - Shape: `[N, C, H, W]` → `[N, C, ⌊H · factor⌋, ⌊W · factor⌋]`.
    /// - Parameter mode: area, bilinear or bicubic (a = −0.75).
    public func rescaled(by factor: Double, mode: InterpolationMode) -> Tensor {
        guard isDefined else { return self }
        let (height, width) = (Int(Double(shape[2]) * factor), Int(Double(shape[3]) * factor))
        precondition(height > 0 && width > 0, "\(summary) by \(factor) is no picture")
        guard mode == .bilinear || mode == .bicubic else { return resized(height: height, width: width, mode: mode) }
        let rows = Self.taps(from: shape[2], to: height, factor: factor, mode: mode).to(dtype: dtype, device: device)
        let columns = Self.taps(from: shape[3], to: width, factor: factor, mode: mode).to(dtype: dtype, device: device)
        return rows.matmul(self).matmul(columns.swappingAxes(0, 1))
    }

    /// The weights of `source` samples in each of `target` samples, `[target, source]`.
    private static func taps(from source: Int, to target: Int, factor: Double, mode: InterpolationMode) -> Tensor {
        var matrix = [Double](repeating: 0, count: target * source)
        for index in 0..<target {
            var place = (Double(index) + 0.5) / factor - 0.5
            if mode == .bilinear { place = Swift.max(place, 0) }
            let first = Int(place.rounded(.down))
            let t = place - Double(first)
            let weights = mode == .bilinear ? [(0, 1 - t), (1, t)] : (-1...2).map { ($0, cubic(Double($0) - t)) }
            for (offset, weight) in weights {
                matrix[index * source + Swift.min(Swift.max(first + offset, 0), source - 1)] += weight
            }
        }
        return Tensor(matrix, shape: [target, source])
    }

    /// Cubic convolution with a = −0.75.
    private static func cubic(_ distance: Double) -> Double {
        let (t, a) = (Swift.abs(distance), -0.75)
        if t <= 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
        return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0
    }
}
