public import HeirloomTensors

/// What the small photographs that people have went through: a lens that is not quite sharp, one of several ways to shrink,
/// a little noise, JPEG. A share is shrunk cleanly, so that a network stays faithful to clean pictures.
///
/// Everything is drawn for each picture on its own and computed on the pictures' device, without waiting for it.
public struct PhotoDegradation: Codable, Sendable, Equatable {
    /// Part of the pictures that are only shrunk, by the antialiased bicubic curve.
    public var cleanShare: Double
    /// Part of the others that are blurred.
    public var blurProbability: Double
    /// Largest deviation of the blur along each of two turned axes, in pixels of the small picture.
    public var blur: Double
    /// How often each way to shrink is taken: area, bilinear, bicubic (both antialiased).
    public var shrinking: [Double]
    /// Part of the others that get noise.
    public var noiseProbability: Double
    /// Largest deviation of the noise in steps of 8 bits; small ones are more frequent.
    public var noise: Double
    /// Part of the noise that grows with brightness as counted photons do, and that is the same in all three colours.
    public var shotProbability: Double, greyNoiseProbability: Double
    /// Part of the others that are compressed, and the quality.
    public var jpegProbability: Double, lowQuality: Double, highQuality: Double

    /// Describes a degradation; the defaults are those of the upscalers that come with Heirloom.
    public init(
        cleanShare: Double = 0.25, blurProbability: Double = 0.7, blur: Double = 1.2,
        shrinking: [Double] = [0.3, 0.3, 0.4], noiseProbability: Double = 0.6, noise: Double = 8,
        shotProbability: Double = 0.5, greyNoiseProbability: Double = 0.4, jpegProbability: Double = 0.6,
        lowQuality: Double = 60, highQuality: Double = 98
    ) {
        self.cleanShare = cleanShare
        self.blurProbability = blurProbability
        self.blur = blur
        self.shrinking = shrinking
        self.noiseProbability = noiseProbability
        self.noise = noise
        self.shotProbability = shotProbability
        self.greyNoiseProbability = greyNoiseProbability
        self.jpegProbability = jpegProbability
        self.lowQuality = lowQuality
        self.highQuality = highQuality
    }

    /// Shrinks and degrades.
    /// - Parameters:
    ///   - pictures: `[N, 3, H, W]`, RGB 0...1; both sides multiples of the scale.
    ///   - scale: How many times smaller the result is.
    ///   - generator: On the pictures' device.
    /// - Returns: `[N, 3, H / scale, W / scale]`, in steps of 8 bits.
    public func callAsFunction(_ pictures: Tensor, scale: Int, using generator: Generator) -> Tensor {
        guard pictures.isDefined else { return pictures }
        precondition(shrinking.count == 3, "area, bilinear and bicubic need three numbers, not \(shrinking.count)")
        let draws = PictureDraws(14, pictures: pictures.shape[0], using: generator)
        let suffers = 1 - draws.chance(cleanShare)

        var x = shrunk(pictures, scale, draws.uniform(), suffers)
        x = blurred(x, draws, suffers)
        x = noisy(x, draws, suffers, using: generator).clamped(to: 0...1)
        let isPressed = draws.chance(jpegProbability) * suffers
        let quality = draws.uniform(lowQuality, highQuality)
        if jpegProbability > 0 {
            let jpeg = JPEGRoundTrip(device: x.device, precision: .float32, published: false)
            let pressed = jpeg((x * 255).rounded() / 255, quality: quality.flattened())
            x = `where`(isPressed .> 0.5, pressed, x)
        }
        return (x * 255).rounded().clamped(to: 0...255) / 255
    }

    private func shrunk(_ x: Tensor, _ scale: Int, _ choice: Tensor, _ suffers: Tensor) -> Tensor {
        let (height, width) = (x.shape[2] / scale, x.shape[3] / scale)
        precondition(
            height * scale == x.shape[2] && width * scale == x.shape[3], "\(x.summary) cannot be shrunk to a \(scale)th"
        )
        func resized(_ mode: InterpolationMode) -> Tensor {
            x.resized(height: height, width: width, mode: mode, antialias: mode != .area)
        }
        var result = resized(.bicubic)
        let total = shrinking.reduce(0, +)
        guard total > 0 else { return result }
        let (area, bilinear) = (shrinking[0] / total, (shrinking[0] + shrinking[1]) / total)
        // The clean ones keep the bicubic curve whatever they drew.
        let drawn = choice + (1 - suffers) * 2
        if bilinear > area { result = `where`(drawn .< bilinear, resized(.bilinear), result) }
        if area > 0 { result = `where`(drawn .< area, resized(.area), result) }
        return result
    }

    private func blurred(_ x: Tensor, _ draws: PictureDraws, _ suffers: Tensor) -> Tensor {
        let strength = draws.chance(blurProbability) * suffers
        let deviations = (draws.uniform(0, blur), draws.uniform(0, blur))
        let rotation = draws.uniform(0, .pi)
        guard blurProbability > 0, blur > 0 else { return x }
        let soft = x.blurred(deviations: deviations, rotation: rotation, reach: Int((blur * 3).rounded(.up)))
        return `where`(strength .> 0.5, soft, x)
    }

    private func noisy(_ x: Tensor, _ draws: PictureDraws, _ suffers: Tensor, using generator: Generator) -> Tensor {
        let u = draws.uniform()
        // The square makes half of the deviations smaller than a quarter of the largest.
        let deviation = u * u * (noise / 255) * draws.chance(noiseProbability) * suffers
        let (isShot, isGrey) = (draws.chance(shotProbability), draws.chance(greyNoiseProbability))
        guard noiseProbability > 0, noise > 0 else { return x }
        let colored = Tensor.normal(x.shape, using: generator)
        let field = `where`(isGrey .> 0.5, colored.sliced(axis: 1, from: 0, to: 1), colored)
        // Photons: the deviation grows with the root of brightness; the same at mid-grey.
        let shot = (x.clamped(to: 0...1) * 2).sqrt()
        return x + field * deviation * (isShot * (shot - 1) + 1)
    }
}
