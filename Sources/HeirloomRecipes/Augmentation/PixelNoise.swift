import HeirloomTensors

/// Single pixels made brighter or darker, the same in all channels: what DeOldify's video model was trained against.
public struct PixelNoise: Codable, Sendable, Equatable {
    /// Part of the pictures that get noise.
    public var probability: Double
    /// Least and largest number of pixels that are hit, as parts of all; a pixel may be hit more than once.
    public var smallestPart: Double, largestPart: Double
    /// How much a hit changes, in steps of 1/255: from minus this to less than this.
    public var strength: Int

    /// Sets the numbers; the defaults are DeOldify's.
    public init(
        probability: Double = 0.8, smallestPart: Double = 0.001, largestPart: Double = 0.4, strength: Int = 30
    ) {
        precondition(smallestPart >= 0 && largestPart >= smallestPart && strength > 0, "not a noise")
        self.probability = probability
        self.smallestPart = smallestPart
        self.largestPart = largestPart
        self.strength = strength
    }

    /// Which pictures of a batch get noise: `[N, 1]`, 0 or 1.
    func chosen(_ pictures: Tensor, using generator: Generator) -> Tensor {
        .bernoulli([pictures.shape[0], 1], probability: probability, using: generator)
    }

    /// Adds noise to the chosen pictures `[N, C, H, W]`; values may leave their range a little.
    func callAsFunction(_ pictures: Tensor, where chosen: Tensor, using generator: Generator) -> Tensor {
        guard pictures.isDefined else { return pictures }
        let shape = pictures.shape
        let pixels = shape[2] * shape[3]
        let most = Int(Double(pixels) * largestPart)
        guard most > 0 else { return pictures }
        let places = Tensor.integers([shape[0], most], to: pixels, using: generator)
        let amounts =
            Tensor.integers([shape[0], most], from: -strength, to: strength, using: generator)
            .to(dtype: .float32) / 255
        let counts =
            (Tensor.uniform([shape[0], 1], from: smallestPart, to: largestPart, using: generator) * Double(pixels))
            .floor() * chosen
        let counted = (Tensor.range(to: Double(most), device: pictures.device) .< counts).to(dtype: .float32)
        let noise = Tensor.zeros([shape[0], pixels], device: pictures.device)
            .scatterAdded(axis: 1, indices: places, amounts * counted)
        return pictures + noise.reshaped([shape[0], 1, shape[2], shape[3]])
    }
}
