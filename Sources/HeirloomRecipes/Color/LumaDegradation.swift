import Foundation
public import HeirloomTensors

/// What happens to the luma of a colour photograph, so that the network meets the tones, the softness and the grain of
/// old pictures. Chroma, which is to be guessed, stays as it is.
public struct LumaDegradation: Codable, Sendable, Equatable {
    /// The exponent is `exp(u)` with `u` uniform in ± this.
    public var logGamma: Double
    /// Contrast about mid-grey: uniform between these.
    public var lowContrast: Double, highContrast: Double
    /// Added brightness: uniform in ± this.
    public var brightness: Double
    /// Part of the pictures that are softened, by up to a 3×3 binomial kernel.
    public var blurProbability: Double
    /// Part of the pictures that get grain, and its largest standard deviation.
    public var grainProbability: Double, grain: Double

    /// Describes a degradation.
    public init(
        logGamma: Double = 0.35, lowContrast: Double = 0.75, highContrast: Double = 1.15, brightness: Double = 0.06,
        blurProbability: Double = 0.2, grainProbability: Double = 0.4, grain: Double = 0.04
    ) {
        self.logGamma = logGamma
        self.lowContrast = lowContrast
        self.highContrast = highContrast
        self.brightness = brightness
        self.blurProbability = blurProbability
        self.grainProbability = grainProbability
        self.grain = grain
    }

    /// Degrades luma `[N, 1, H, W]` in 0...1, each picture by draws of its own.
    public func callAsFunction(_ luma: Tensor, using generator: Generator) -> Tensor {
        let n = luma.shape[0]
        // One draw for everything: eight uniform numbers a picture.
        let draws = Tensor.uniform([8, n, 1, 1, 1], using: generator)
        func uniform(_ index: Int, _ low: Double, _ high: Double) -> Tensor { draws[index] * (high - low) + low }
        func chance(_ index: Int, _ probability: Double) -> Tensor {
            (draws[index] .< probability).to(dtype: luma.dtype)
        }

        var x = luma
        if blurProbability > 0 {
            let row = Tensor([Float(0.25), 0.5, 0.25], shape: [1, 1, 1, 3], device: luma.device)
            let soft = x.padded([1, 1, 1, 1], mode: .replicate).conv2d(row).conv2d(row.swappingAxes(2, 3))
            x = x + (soft - x) * (chance(0, blurProbability) * uniform(1, 0, 1))
        }
        x = x.clamped(to: 1e-3...1).raised(to: uniform(2, -logGamma, logGamma).exp())
        x = (x - 0.5) * uniform(3, lowContrast, highContrast) + 0.5 + uniform(4, -brightness, brightness)
        let noise = Tensor.normal(luma.shape, using: generator)
        x = x + noise * (chance(5, grainProbability) * uniform(6, 0, grain))
        return x.clamped(to: 0...1)
    }
}
