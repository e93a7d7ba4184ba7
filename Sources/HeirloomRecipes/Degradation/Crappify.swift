import HeirloomDatasets
public import HeirloomTensors

/// Makes good pictures bad as fastai's lesson on restoration does: small, with a number written over, compressed. A network
/// that learns the way back removes all three at once.
public struct Crappify: Codable, Sendable, Equatable {
    /// Ways to shrink.
    public enum Kernel: String, Codable, Sendable, CaseIterable {
        /// Linear, antialiased.
        case bilinear
        /// Cubic, antialiased.
        case bicubic
        /// The mean of the pixels.
        case area
    }

    /// The shorter side of the small picture in pixels; pictures that are smaller keep their size.
    public var shortSide: Int
    /// How pictures are shrunk.
    public var kernel: Kernel
    /// Largest deviation of noise in steps of 8 bits, each picture's uniform from 0.
    public var noise: Double
    /// Part of the pictures that the quality is written over, as a number.
    public var textProbability: Double
    /// Side of a dot of the digits in pixels, and their brightness 0...1.
    public var textSize: Int, textBrightness: Double
    /// Quality of JPEG: whole numbers between these, all equally likely.
    public var lowQuality: Int, highQuality: Int
    /// Whether the small picture is enlarged to the size it came with (bilinear), for networks that keep the size.
    public var restoresSize: Bool

    /// Describes what is done; the defaults are the lesson's.
    public init(
        shortSide: Int = 96, kernel: Kernel = .bilinear, noise: Double = 0, textProbability: Double = 1,
        textSize: Int = 1, textBrightness: Double = 1, lowQuality: Int = 10, highQuality: Int = 70,
        restoresSize: Bool = true
    ) {
        self.shortSide = shortSide
        self.kernel = kernel
        self.noise = noise
        self.textProbability = textProbability
        self.textSize = textSize
        self.textBrightness = textBrightness
        self.lowQuality = lowQuality
        self.highQuality = highQuality
        self.restoresSize = restoresSize
    }

    /// Makes pictures bad, each by draws of its own.
    /// - Parameters:
    ///   - pictures: `[N, 3, H, W]`, RGB 0...1.
    ///   - generator: On the pictures' device, which is waited for: the draws place text.
    /// - Returns: `[N, 3, H, W]` or, small, `[N, 3, h, w]` with sides rounded down, in 0...1.
    public func callAsFunction(_ pictures: Tensor, using generator: Generator) -> Tensor {
        guard pictures.isDefined else { return pictures }
        precondition(
            shortSide > 0 && lowQuality >= 1 && highQuality >= lowQuality && highQuality <= 100 && textSize > 0,
            "pictures cannot be shrunk to \(shortSide) px at qualities \(lowQuality)...\(highQuality)")
        let (count, height, width) = (pictures.shape[0], pictures.shape[2], pictures.shape[3])
        var x = shrunk(pictures)
        var random = RandomSequence(drawnFrom: generator)
        let draws = (0..<count).map { _ in Draw(self, width: x.shape[3], height: x.shape[2], &random) }
        if noise > 0 {
            let deviations = Tensor(draws.map(\.noise), shape: [count, 1, 1, 1], device: x.device)
            x = x + Tensor.normal(x.shape, using: generator) * deviations
        }
        if textProbability > 0 {
            let text = text(draws, width: x.shape[3], height: x.shape[2]).to(device: x.device)
            x = `where`(text .> 0.5, .full([1, 1, 1, 1], textBrightness, device: x.device), x)
        }
        let jpeg = JPEGRoundTrip(device: x.device, precision: .float32, published: false)
        let qualities = Tensor(draws.map { Float($0.quality) }, device: x.device)
        x = jpeg((x.clamped(to: 0...1) * 255).rounded() / 255, quality: qualities)
        return restoresSize ? x.resized(height: height, width: width, mode: .bilinear) : x
    }

    /// The size of the small picture, whole numbers rounded down.
    private func shrunk(_ x: Tensor) -> Tensor {
        let (height, width) = (x.shape[2], x.shape[3])
        let short = Swift.min(height, width)
        guard shortSide < short else { return x }
        let modes: [Kernel: InterpolationMode] = [.bilinear: .bilinear, .bicubic: .bicubic, .area: .area]
        return x.resized(
            height: height * shortSide / short, width: width * shortSide / short, mode: modes[kernel] ?? .bilinear,
            antialias: kernel != .area
        ).clamped(to: 0...1)
    }

    /// What is drawn for a picture.
    private struct Draw {
        var quality: Int, x: Int, y: Int, hasText: Bool, noise: Float

        init(_ settings: Crappify, width: Int, height: Int, _ random: inout RandomSequence) {
            quality = .random(in: settings.lowQuality...settings.highQuality, using: &random)
            x = .random(in: 0...width / 2, using: &random)
            y = .random(in: 0...height / 2, using: &random)
            hasText = random.uniform() < settings.textProbability
            noise = Float(random.uniform(0, settings.noise) / 255)
        }
    }

    /// 1 where text is, 0 elsewhere: `[N, 1, h, w]` on the CPU.
    private func text(_ draws: [Draw], width: Int, height: Int) -> Tensor {
        var mask = [Float](repeating: 0, count: draws.count * width * height)
        for (index, draw) in draws.enumerated() where draw.hasText {
            DigitFont.dots(of: draw.quality) { dotX, dotY in
                let (left, top) = (draw.x + dotX * textSize, draw.y + dotY * textSize)
                for y in top..<top + textSize where y < height {
                    for x in left..<left + textSize where x < width { mask[(index * height + y) * width + x] = 1 }
                }
            }
        }
        return Tensor(mask, shape: [draws.count, 1, height, width])
    }
}
