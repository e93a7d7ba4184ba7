public import HeirloomTensors

/// What lies between a colour photograph and an old black-and-white one: the colours that a film sees, its tones, grain,
/// a soft lens, dark corners, uneven and flickering light, scratches and dust, JPEG.
///
/// All numbers at 0 (contrast at 1) change nothing, bit for bit. Each picture has draws of its own; everything is computed
/// on the pictures' device, without waiting for it.
///
/// A JSON text may leave keys out: what they stand for is then left out, so records of ``LumaDegradation`` can be read.
public struct GreyingDegradation: Codable, Sendable, Equatable {
    /// Part of the pictures seen by a film that is blind to red (orthochromatic, until about 1930), and by one that sees
    /// blue alone (before about 1880).
    public var orthochromaticProbability = 0.0, blueProbability = 0.0
    /// Spread of the other films' three sensitivities: each is multiplied by `exp(u)` with `u` uniform in ± this.
    public var sensitivity = 0.0
    /// The exponent of the tones is `exp(u)` with `u` uniform in ± this.
    public var logGamma = 0.0
    /// How far shadows and lights are pressed together (the S of a film's curve): uniform in 0...this; 1 is `3x² − 2x³`.
    public var curve = 0.0
    /// Contrast about mid-grey: uniform between these.
    public var lowContrast = 1.0, highContrast = 1.0
    /// Added brightness: uniform in ± this.
    public var brightness = 0.0
    /// Part of the pictures that are softened, by up to this deviation in pixels.
    public var blurProbability = 0.0, blur = 0.0
    /// Part of the pictures with grain, its largest deviation, and the largest size of a grain in pixels (as a deviation).
    public var grainProbability = 0.0, grain = 0.0, grainSize = 0.0
    /// How much darker corners become: uniform in 0...this.
    public var vignette = 0.0
    /// Brightness that changes over the picture and from picture to picture, as flicker of a film does: each corner is
    /// multiplied by a number uniform in 1 ± this.
    public var flicker = 0.0
    /// Part of the pictures with up to three upright scratches, and how light or dark those become.
    public var scratchProbability = 0.0, scratch = 0.0
    /// Part of the pictures with dust, and the part of their pixels that it covers.
    public var dustProbability = 0.0, dust = 0.0
    /// Part of the pictures that are compressed, and the quality.
    public var jpegProbability = 0.0, lowQuality = 40.0, highQuality = 95.0

    /// Changes nothing.
    public init() {}

    /// Old photographs and films as they are found: everything in moderation.
    public static let film: GreyingDegradation = {
        var film = GreyingDegradation()
        (film.orthochromaticProbability, film.blueProbability, film.sensitivity) = (0.2, 0.03, 0.3)
        (film.logGamma, film.curve, film.lowContrast, film.highContrast, film.brightness) = (
            0.35, 0.6, 0.75, 1.15, 0.06
        )
        (film.blurProbability, film.blur) = (0.3, 0.8)
        (film.grainProbability, film.grain, film.grainSize) = (0.4, 0.05, 0.7)
        (film.vignette, film.flicker) = (0.25, 0.08)
        (film.scratchProbability, film.scratch, film.dustProbability, film.dust) = (0.05, 0.4, 0.05, 0.002)
        film.jpegProbability = 0.2
        return film
    }()

    private static let announced = 32

    /// Degrades luma `[N, 1, H, W]` in 0...1; the colours that a film sees need ``callAsFunction(rgb:using:)``.
    /// - Returns: The same shape, 0...1.
    public func callAsFunction(_ luma: Tensor, using generator: Generator) -> Tensor {
        guard luma.isDefined else { return luma }
        let draws = PictureDraws(Self.announced, pictures: luma.shape[0], using: generator)
        return developed(luma, draws, using: generator)
    }

    /// Makes an old black-and-white picture of a colour photograph.
    ///
    /// Without the films of ``orthochromaticProbability``, ``blueProbability`` and ``sensitivity`` grey is luma (Rec. 601).
    /// - Shape: `[N, 3, H, W]`, sRGB 0...1 → `[N, 1, H, W]`, 0...1.
    public func callAsFunction(rgb: Tensor, using generator: Generator) -> Tensor {
        guard rgb.isDefined else { return rgb }
        precondition(rgb.rank == 4 && rgb.shape[1] == 3, "greying of \(rgb.summary): expected [N, 3, H, W]")
        let draws = PictureDraws(Self.announced, pictures: rgb.shape[0], using: generator)
        return developed(exposed(rgb, draws), draws, using: generator)
    }
}

extension GreyingDegradation {
    /// Reads a degradation; what keys that are left out stand for is left out.
    public init(from decoder: any Decoder) throws {
        self.init()
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func read(_ key: CodingKeys, _ place: WritableKeyPath<GreyingDegradation, Double>) throws {
            if let number = try values.decodeIfPresent(Double.self, forKey: key) { self[keyPath: place] = number }
        }
        try read(.orthochromaticProbability, \.orthochromaticProbability)
        try read(.blueProbability, \.blueProbability)
        try read(.sensitivity, \.sensitivity)
        try read(.logGamma, \.logGamma)
        try read(.curve, \.curve)
        try read(.lowContrast, \.lowContrast)
        try read(.highContrast, \.highContrast)
        try read(.brightness, \.brightness)
        try read(.blurProbability, \.blurProbability)
        try read(.blur, \.blur)
        try read(.grainProbability, \.grainProbability)
        try read(.grain, \.grain)
        try read(.grainSize, \.grainSize)
        try read(.vignette, \.vignette)
        try read(.flicker, \.flicker)
        try read(.scratchProbability, \.scratchProbability)
        try read(.scratch, \.scratch)
        try read(.dustProbability, \.dustProbability)
        try read(.dust, \.dust)
        try read(.jpegProbability, \.jpegProbability)
        try read(.lowQuality, \.lowQuality)
        try read(.highQuality, \.highQuality)
        // Records from before the deviation could be set mean a kernel of 3 × 3.
        if blurProbability > 0, !values.contains(.blur) { blur = 0.7 }
    }
}
