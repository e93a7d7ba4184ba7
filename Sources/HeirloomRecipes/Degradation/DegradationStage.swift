import Foundation
import HeirloomDatasets
import HeirloomTensors

/// One round of what pictures suffer: blur, another size, noise, JPEG.
public struct DegradationStage: Codable, Hashable, Sendable {
    /// How its kernels are drawn.
    public var kernels = KernelDraw()
    /// Part of the batches that are blurred.
    public var blurProbability = 1.0
    /// Part of the batches that are made larger, and smaller; the rest keep their size.
    public var upProbability = 0.2, downProbability = 0.7
    /// The smallest and the largest factor.
    public var lowFactor = 0.15, highFactor = 1.5
    /// Part of the batches with Gaussian noise; the others get shot noise.
    public var gaussianProbability = 0.5
    /// Deviation of Gaussian noise, in steps of 8 bits.
    public var lowDeviation = 1.0, highDeviation = 30.0
    /// Strength of shot noise; 1 is what a sensor has that counts 256 photons for white.
    public var lowShot = 0.05, highShot = 3.0
    /// Part of the pictures whose noise is grey.
    public var greyProbability = 0.4
    /// Quality of JPEG.
    public var lowQuality = 30.0, highQuality = 95.0

    /// The first round of Real-ESRGAN.
    public init() {}

    /// The second round of Real-ESRGAN.
    public static let second: DegradationStage = {
        var stage = DegradationStage()
        stage.kernels.highDeviation = 1.5
        stage.blurProbability = 0.8
        (stage.upProbability, stage.downProbability) = (0.3, 0.4)
        (stage.lowFactor, stage.highFactor) = (0.3, 1.2)
        stage.highDeviation = 25
        stage.highShot = 2.5
        return stage
    }()

    /// Draws a factor of size.
    func factor(_ random: inout RandomSequence) -> Double {
        let kind = random.uniform()
        let (up, down) = (random.uniform(1, max(highFactor, 1)), random.uniform(min(lowFactor, 1), 1))
        return kind < upProbability ? up : kind < upProbability + downProbability ? down : 1
    }

    /// Draws a way to resize.
    static func mode(_ random: inout RandomSequence) -> InterpolationMode {
        [.area, .bilinear, .bicubic][Int(random.uniform() * 3)]
    }

    /// Draws a quality for each picture.
    func qualities(_ count: Int, _ random: inout RandomSequence) -> [Double] {
        (0..<count).map { _ in random.uniform(lowQuality, highQuality) }
    }

    /// Draws a kernel for each picture, zeros around them up to one size: `[N, k, k]`.
    func kernels(_ count: Int, _ random: inout RandomSequence) -> Tensor {
        stacked((0..<count).map { _ in kernels(&random).tensor(padded: kernels.largestSize) }).to(dtype: .float32)
    }

    /// Adds noise, the kind drawn for the batch, strength and colour for each picture; clamped to 0...1.
    func noisy(_ x: Tensor, _ random: inout RandomSequence, using generator: Generator) -> Tensor {
        let isGaussian = random.uniform() < gaussianProbability
        let strengths = (0..<x.shape[0]).map { _ in
            Float(isGaussian ? random.uniform(lowDeviation, highDeviation) / 255 : random.uniform(lowShot, highShot))
        }
        let isGrey = (0..<x.shape[0]).map { _ in Float(random.uniform() < greyProbability ? 1 : 0) }
        func each(_ numbers: [Float]) -> Tensor {
            Tensor(numbers, shape: [numbers.count, 1, 1, 1], device: x.device)
        }
        let (colored, grey) =
            isGaussian ? Self.gaussian(x, using: generator) : Self.shot(x, using: generator)
        let mask = each(isGrey)
        return (x + (grey * mask + colored * (1 - mask)) * each(strengths)).clamped(to: 0...1)
    }

    /// Noise of deviation 1; the grey field is one for the whole batch.
    private static func gaussian(_ x: Tensor, using generator: Generator) -> (Tensor, Tensor) {
        let shape = x.shape
        return (
            Tensor.normal(shape, using: generator), Tensor.normal([1, 1, shape[2], shape[3]], using: generator)
        )
    }

    /// What counting photons adds to each channel, and to luma.
    private static func shot(_ x: Tensor, using generator: Generator) -> (Tensor, Tensor) {
        let luma = Tensor([0.2989, 0.587, 0.114] as [Float], shape: [1, 3, 1, 1], device: x.device)
        let grey = (x * luma).sum(axes: [1], keepingDimensions: true)
        return (ShotNoise.noise(of: x, using: generator), ShotNoise.noise(of: grey, using: generator))
    }
}
