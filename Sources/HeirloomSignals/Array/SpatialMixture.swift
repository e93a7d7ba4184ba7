import Foundation
public import HeirloomTensors

/// Tells speech from everything else by the directions that sound comes from: a mixture of two complex angular central
/// Gaussians (Ito, Araki, Nakatani 2016).
///
/// The prior of each bin stays fixed, which ties the classes across frequencies and keeps the mixture from drifting away
/// to other sources. Every frequency has its own two covariance shapes.
public struct SpatialMixture: Sendable, Equatable, Codable {
    /// Steps of expectation and maximisation.
    public var iterations = 10
    /// The smallest eigenvalue of a covariance shape, relative to the largest. Below 1e-4 single precision shows.
    public var floor = 1e-4

    /// The defaults.
    public init() {}

    /// What came of a mixture.
    public struct Result {
        /// How probably each bin is speech: `[F, T]`.
        public let posterior: Tensor
        /// The mean log-likelihood of a frame after each step, summed over frequencies; empty when not asked for.
        public let likelihoods: [Double]
    }

    /// The probability that each bin is speech.
    ///
    /// - Parameters:
    ///   - y: complex `[F, D, T]`: note the order; of any level, only directions count.
    ///   - prior: `[F, T]` in 0…1, without the ends.
    ///   - valid: `[T]`: frames of weight 0 keep their prior; nil: all valid.
    ///   - measuresLikelihood: whether the likelihoods are computed, for tests.
    public func callAsFunction(
        _ y: Tensor, prior: Tensor, valid: Tensor? = nil, measuresLikelihood: Bool = false
    ) -> Result {
        withoutGradients {
            let shape = y.shape
            let (bins, channels, frames) = (shape[0], shape[1], shape[2])
            // About 4 MB of products at a time stay in the cache.
            let size = max(1, min(64, 1_000_000 / max(1, channels * channels * frames)))
            var posteriors: [Tensor] = []
            var likelihoods = [Double](repeating: 0, count: measuresLikelihood ? iterations : 0)
            for start in stride(from: 0, to: bins, by: size) {
                let end = min(bins, start + size)
                let chunk = run(
                    y.sliced(axis: 0, from: start, to: end), prior: prior.sliced(axis: 0, from: start, to: end),
                    valid: valid, measuresLikelihood: measuresLikelihood)
                posteriors.append(chunk.posterior)
                for (index, value) in chunk.likelihoods.enumerated() { likelihoods[index] += value }
            }
            return Result(posterior: concatenated(posteriors, axis: 0), likelihoods: likelihoods)
        }
    }

    private func run(_ y: Tensor, prior: Tensor, valid: Tensor?, measuresLikelihood: Bool) -> Result {
        let channels = y.shape[1]
        let dimension = Double(channels)
        let length = y.power.sum(axes: [1], keepingDimensions: true).sqrt()
        // Silence has no direction.
        var usable = (length.selected(axis: 1, index: 0) .> 1e-20).to(dtype: prior.dtype)
        if let valid { usable *= valid }
        let products = HermitianProducts(y / length.clamped(to: 1e-20...))
        let odds = prior / (1 - prior)
        let bound = Foundation.pow(10, 30 / dimension)
        var posterior = prior
        var quadratic = Tensor.ones([y.shape[0], 2, y.shape[2]], dtype: prior.dtype)
        var likelihoods: [Double] = []
        for _ in 0..<iterations {
            let gamma = stacked([posterior * usable, (1 - posterior) * usable], axis: 1)  // [n, 2, T]
            let total = gamma.sum(axes: [2]).to(dtype: .float64).clamped(to: 1e-10...).unsqueezed(-1).unsqueezed(-1)
            let scatter = products.weighted(gamma / quadratic) * dimension / total
            let (inverse, logDeterminant) = shape(scatter)
            quadratic = products.quadratic(inverse).clamped(to: 1e-10...)  // [n, 2, T]
            let (speech, noise) = (quadratic.selected(axis: 1, index: 0), quadratic.selected(axis: 1, index: 1))
            // p₁ / p₂ = det B₂ / det B₁ · (q₂ / q₁)ᴰ, as a power of D so that no logarithm of every bin is taken.
            let determinants = logDeterminant.selected(axis: 1, index: 1) - logDeterminant.selected(axis: 1, index: 0)
            let scale = (determinants / dimension).exp().to(dtype: prior.dtype)
            let ratio = (noise / speech * scale).clamped(to: (1 / bound)...bound).raised(to: dimension) * odds
            posterior = `where`(usable .> 0, ratio / (1 + ratio), prior)
            if measuresLikelihood {
                let logs = (quadratic.to(dtype: .float64).log() * dimension + logDeterminant) * -1
                let mixed = (logs + stacked([prior, 1 - prior], axis: 1).to(dtype: .float64).log()).logSumExp(axes: [1])
                likelihoods.append((mixed * usable.to(dtype: .float64)).mean(axes: [1]).sum().item())
            }
        }
        return Result(posterior: posterior, likelihoods: likelihoods)
    }

    /// The inverse of covariance shapes, complex128 `[n, 2, D, D]`, and ln det of the shapes, `[n, 2, 1]`, both relative to
    /// the largest eigenvalue.
    private func shape(_ scatter: Tensor) -> (inverse: Tensor, logDeterminant: Tensor) {
        let (values, vectors) = scatter.loaded(0).eigenHermitian()
        let largest = values.max(axes: [2], keepingDimensions: true).clamped(to: 1e-30...)
        let relative = (values / largest).clamped(to: floor...1)
        let inverse = (vectors * relative.reciprocal().unsqueezed(-2)).matmul(vectors.adjoint)
        return (inverse, relative.log().sum(axes: [2], keepingDimensions: true))
    }
}
