import Foundation
public import HeirloomDatasets

/// How blur kernels are drawn.
public struct KernelDraw: Codable, Hashable, Sendable {
    /// Sizes, all equally likely; odd.
    public var sizes = [7, 9, 11, 13, 15, 17, 19, 21]
    /// Part of the kernels that are low-pass discs.
    public var sincProbability = 0.1
    /// How often each bell is drawn: Gaussian, generalized and plateau, each equal in both directions or not.
    public var probabilities = [0.45, 0.25, 0.12, 0.03, 0.12, 0.03]
    /// Deviations, in samples.
    public var lowDeviation = 0.2, highDeviation = 3.0
    /// Exponents of generalized bells: below or above 1, a fair coin decides.
    public var lowExponent = 0.5, highExponent = 4.0
    /// Exponents of plateaus: 1, or up to this; a fair coin decides.
    public var highPlateau = 2.0

    /// The first blur of Real-ESRGAN.
    public init() {}

    /// The widest kernel.
    public var largestSize: Int { sizes.max() ?? 1 }

    /// Draws a kernel.
    public func callAsFunction(_ random: inout RandomSequence) -> BlurKernel {
        let size = sizes[Int(random.uniform() * Double(sizes.count))]
        if random.uniform() < sincProbability { return disc(size, &random, low: size < 13 ? .pi / 3 : .pi / 5) }
        let kind = choice(&random)
        let deviations = (random.uniform(lowDeviation, highDeviation), random.uniform(lowDeviation, highDeviation))
        let rotation = random.uniform(-.pi, .pi)
        let coin = random.uniform() < 0.5
        let exponent =
            switch kind / 2 {
            case 1: coin ? random.uniform(lowExponent, 1) : random.uniform(1, highExponent)
            case 2: coin ? 1 : random.uniform(1, highPlateau)
            default: 1.0
            }
        let shape: BlurKernel.Shape = [.gaussian, .generalized, .plateau][kind / 2]
        return kind % 2 == 0
            ? BlurKernel(shape, size: size, deviationX: deviations.0, exponent: exponent)
            : BlurKernel(
                shape, size: size, deviationX: deviations.0, deviationY: deviations.1, rotation: rotation,
                exponent: exponent)
    }

    /// Draws a low-pass disc, or now and then nothing.
    /// - Parameter probability: of a disc.
    public func ringing(_ random: inout RandomSequence, probability: Double) -> BlurKernel {
        let size = sizes[Int(random.uniform() * Double(sizes.count))]
        // The narrowest Gaussian is a single one: no blur at all.
        guard random.uniform() < probability else { return BlurKernel(size: 1, deviationX: 1) }
        return disc(size, &random, low: .pi / 3)
    }

    private func disc(_ size: Int, _ random: inout RandomSequence, low: Double) -> BlurKernel {
        BlurKernel(sinc: random.uniform(low, .pi), size: size)
    }

    private func choice(_ random: inout RandomSequence) -> Int {
        var rest = random.uniform() * probabilities.reduce(0, +)
        for (index, probability) in probabilities.enumerated() {
            rest -= probability
            if rest < 0 { return index }
        }
        return 0
    }
}
