import Foundation
public import HeirloomTensors

/// The noise of counted photons.
public enum ShotNoise {
    /// What counting adds to pictures of 8 bits: `Poisson(v · L) / L − v`, where L is the number of different values in a
    /// picture, rounded up to a power of two.
    ///
    /// - Shape: `[N, C, H, W]`, 0...1 → the same, not clamped.
    public static func noise(of pictures: Tensor, using generator: Generator) -> Tensor {
        guard pictures.isDefined else { return pictures }
        let values = (pictures.clamped(to: 0...1) * 255).rounded()
        let levels = (0..<values.shape[0]).map { index -> Float in
            let bytes = values.sliced(axis: 0, from: index, to: index + 1).flattened().to(dtype: .int64)
            let distinct = (bytes.binCounts(minimumLength: 256) .> 0).to(dtype: .float32).sum().item()
            return Float(pow(2, ceil(log2(max(distinct, 1)))))
        }
        let level = Tensor(levels, shape: [levels.count, 1, 1, 1], device: pictures.device)
        let v = values / 255
        return poisson(v * level, using: generator) / level - v
    }

    /// Poisson numbers of given means, 0...1000.
    ///
    /// Exact by inversion for means below 8; above, a normal number bent and rounded (the first terms of Cornish and
    /// Fisher's expansion), whose mean, variance and skew are right to a few thousandths.
    public static func poisson(_ means: Tensor, using generator: Generator) -> Tensor {
        let z = Tensor.normal(means.shape, using: generator)
        let normal = (means + means.sqrt() * z + (z.squared() - 1) / 6).rounded().clamped(to: 0...)
        let u = Tensor.uniform(means.shape, using: generator)
        let small = means.clamped(to: ...Self.exact)
        var term = (-small).exp()
        var sum = term
        var count = (u .>= sum).to(dtype: .float32)
        // Beyond 32 the probability at a mean of 8 is below 1e-10.
        for k in 1...32 {
            term = term * small / Double(k)
            sum += term
            count += (u .>= sum).to(dtype: .float32)
        }
        return `where`(means .< Self.exact, count, normal)
    }

    private static let exact = 8.0
}
