/// How much colour a picture has, and which.
public struct PictureColors: Sendable, Equatable {
    /// A family of colours as people name them.
    public enum Hue: String, Sendable, Codable, CaseIterable {
        /// Around 0° of the colour circle, pink and purple left out.
        case red
        /// 20°...45°: also skin, wood, earth, lamplight.
        case orange
        /// 45°...70°.
        case yellow
        /// 70°...165°.
        case green
        /// 165°...195°.
        case cyan
        /// 195°...255°.
        case blue
        /// 255°...340°: purple and pink.
        case purple
        /// So little colour that none is dominant.
        case muted
    }

    /// Colourfulness after Hasler and Süsstrunk (2003), in their scale of 0 to 255: 0 is grey, 15 slightly, 33
    /// moderately, 59 quite, 82 highly colourful.
    public let colorfulness: Double
    /// The hue that weighs most, each pixel counted by its saturation.
    public let dominantHue: Hue

    /// Below this colourfulness no hue is called dominant: what is left is the tint of the light.
    private static let muted = 10.0

    /// Measures a picture.
    ///
    /// - Parameter rgb: sRGB, `[height, width, 3]`, 0...255.
    /// - Precondition: there is a pixel.
    public init(rgb: UnsafeBufferPointer<UInt8>) {
        precondition(rgb.count >= 3, "colours of a picture without pixels")
        var (rg, yb, rgSquared, ybSquared) = (0.0, 0.0, 0.0, 0.0)
        var weights = [Double](repeating: 0, count: Hue.allCases.count)
        let count = Double(rgb.count / 3)
        for place in stride(from: 0, to: rgb.count - 2, by: 3) {
            let (r, g, b) = (Double(rgb[place]), Double(rgb[place + 1]), Double(rgb[place + 2]))
            let (first, second) = (r - g, (r + g) / 2 - b)
            rg += first
            yb += second
            rgSquared += first * first
            ybSquared += second * second
            let largest = max(r, g, b)
            let range = largest - min(r, g, b)
            guard range > 0 else { continue }
            let sextant =
                largest == r ? (g - b) / range : largest == g ? 2 + (b - r) / range : 4 + (r - g) / range
            weights[Self.index(ofDegrees: 60 * (sextant < 0 ? sextant + 6 : sextant))] += range
        }
        let (meanRG, meanYB) = (rg / count, yb / count)
        let variance = max(0, rgSquared / count - meanRG * meanRG) + max(0, ybSquared / count - meanYB * meanYB)
        colorfulness = variance.squareRoot() + 0.3 * (meanRG * meanRG + meanYB * meanYB).squareRoot()
        let largest = weights.indices.max { weights[$0] < weights[$1] } ?? 0
        dominantHue = colorfulness < Self.muted ? .muted : Hue.allCases[largest]
    }

    private static func index(ofDegrees degrees: Double) -> Int {
        let ends: [Double] = [20, 45, 70, 165, 195, 255, 340]
        return ends.firstIndex { degrees < $0 } ?? 0
    }
}
