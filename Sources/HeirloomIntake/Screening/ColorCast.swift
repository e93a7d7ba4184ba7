import Foundation

/// How much colour a picture has, and whether it is more than one tone in lighter and darker shades.
struct ColorCast: Sendable, Equatable {
    /// Mean distance from grey in CIELAB.
    let meanChroma: Float
    /// Root mean square distance in CIELAB from the line through grey that fits the colours best.
    let width: Float
    /// How far the colours lie on one side of grey on that line: 0 both alike, 1 all on one.
    let lopsidedness: Float
    /// Mean b* of CIELAB: yellow above 0, blue below.
    let warmth: Float

    /// No colour. The photographs that the limit was tried on have a mean chroma of 0 to 1.4 as scans without colour,
    /// and 4.9 and more where they have any.
    var isGrey: Bool { meanChroma < 2 }
    /// One warm tone, as sepia: 10 of 10 toned old photographs, and 2 in 1,000 coloured ones, such as an elephant on
    /// sand. Cold tones are let pass: a sky with clouds is one.
    var isToned: Bool { width < 1.4 && lopsidedness > 0.85 && warmth > 0 }

    /// Measures a picture.
    init(_ miniature: PictureMiniature) {
        let colors = miniature.pixels.map { Self.chroma(ofSRGB: $0 / 255) }
        let count = Float(colors.count)
        meanChroma = colors.reduce(0) { $0 + ($1 * $1).sum().squareRoot() } / count
        var (aa, ab, bb, mean): (Float, Float, Float, SIMD2<Float>) = (0, 0, 0, .zero)
        for color in colors {
            aa += color.x * color.x / count
            ab += color.x * color.y / count
            bb += color.y * color.y / count
            mean += color / count
        }
        // Eigenvalues of the second moments: squared extent along the line and across it.
        let half = (aa + bb) / 2
        let root = max(0, half * half - (aa * bb - ab * ab)).squareRoot()
        let along = (half + root).squareRoot()
        width = max(0, half - root).squareRoot()
        let angle = Foundation.atan2(2 * ab, aa - bb) / 2
        let direction = SIMD2(Foundation.cos(angle), Foundation.sin(angle))
        warmth = mean.y
        lopsidedness = along > 0 ? abs((mean * direction).sum()) / along : 0
    }

    /// The a* and b* of CIELAB under D65.
    private static func chroma(ofSRGB color: SIMD3<Float>) -> SIMD2<Float> {
        func linear(_ value: Float) -> Float {
            value <= 0.04045 ? value / 12.92 : Foundation.pow((value + 0.055) / 1.055, 2.4)
        }
        func bent(_ value: Float) -> Float {
            value > 0.008856 ? Foundation.cbrt(value) : 7.787 * value + 16.0 / 116
        }
        let (r, g, b) = (linear(color.x), linear(color.y), linear(color.z))
        let x = bent((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
        let y = bent(0.2126729 * r + 0.7151522 * g + 0.0721750 * b)
        let z = bent((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883)
        return SIMD2(500 * (x - y), 200 * (y - z))
    }
}
