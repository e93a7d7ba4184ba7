public import HeirloomTensors

/// The weights of red, green and blue in luma, which define Y'CbCr: luma `Y` in 0...1, chroma `(Cb, Cr)` in −0.5...0.5.
///
/// Works on gamma-coded values, as the video standards do.
public struct YCbCrMatrix: Sendable, Hashable {
    /// Weight of red and of blue in luma; green has the rest.
    public let red: Double, blue: Double

    /// A matrix from its two weights.
    /// - Precondition: Both are positive and their sum is below 1.
    public init(red: Double, blue: Double) {
        precondition(red > 0 && blue > 0 && red + blue < 1, "luma weights \(red) and \(blue)")
        self.red = red
        self.blue = blue
    }

    /// ITU-R BT.601: standard-definition video, JPEG.
    public static let bt601 = YCbCrMatrix(red: 0.299, blue: 0.114)
    /// ITU-R BT.709: high-definition video.
    public static let bt709 = YCbCrMatrix(red: 0.2126, blue: 0.0722)
    /// ITU-R BT.2020, non-constant luminance: ultra-high-definition video.
    public static let bt2020 = YCbCrMatrix(red: 0.2627, blue: 0.0593)

    /// Weight of green in luma.
    public var green: Double { 1 - red - blue }

    /// Luma of pictures. Shape `[…, 3, H, W]` → `[…, 1, H, W]`; range 0...1 → 0...1.
    public func luma(of rgb: Tensor) -> Tensor {
        let axis = rgb.rank - 3
        func channel(_ index: Int) -> Tensor { rgb.sliced(axis: axis, from: index, to: index + 1) }
        return channel(0) * red + channel(1) * green + channel(2) * blue
    }

    /// Luma and chroma of pictures. Shape `[…, 3, H, W]` → `[…, 1, H, W]` and `[…, 2, H, W]` in the order Cb, Cr.
    public func split(_ rgb: Tensor) -> (luma: Tensor, chroma: Tensor) {
        let axis = rgb.rank - 3
        let luma = luma(of: rgb)
        let cb = (rgb.sliced(axis: axis, from: 2) - luma) / (2 * (1 - blue))
        let cr = (rgb.sliced(axis: axis, from: 0, to: 1) - luma) / (2 * (1 - red))
        return (luma, concatenated([cb, cr], axis: axis))
    }

    /// Pictures of luma and chroma, not clamped: saturated chroma may leave 0...1.
    /// - Shape: `[…, 1, H, W]` and `[…, 2, H, W]` → `[…, 3, H, W]`.
    public func combined(luma: Tensor, chroma: Tensor) -> Tensor {
        let axis = chroma.rank - 3
        let b = luma + chroma.sliced(axis: axis, from: 0, to: 1) * (2 * (1 - blue))
        let r = luma + chroma.sliced(axis: axis, from: 1, to: 2) * (2 * (1 - red))
        let g = (luma - r * red - b * blue) / green
        return concatenated([r, g, b], axis: axis)
    }
}
