public import HeirloomTensors

/// Bicubic resizing as the test sets of the super-resolution literature were made: 8-bit after each pass, rows first.
///
/// Cubic convolution with a = −0.5, widened when shrinking, the outermost pixels repeated; after the vertical and after
/// the horizontal pass values are rounded half away from zero. Reproduces the low-resolution pictures of the SelfExSR
/// collection (Set5, Set14, BSD100, Urban100) exactly.
public enum PaperBicubic {
    /// A picture at another size.
    ///
    /// - Parameter picture: `[N, C, H, W]`, whole numbers in 0...255 of any element type.
    /// - Returns: `[N, C, height, width]` of the same element type.
    public static func resized(_ picture: Tensor, height: Int, width: Int) -> Tensor {
        guard picture.isDefined else { return picture }
        let shape = picture.shape
        // Double precision keeps exact halves exact: the weights of the usual factors are fractions of powers of two.
        let vertical = ResamplingTaps(from: shape[2], to: height, kernel: .bicubic)
        let horizontal = ResamplingTaps(from: shape[3], to: width, kernel: .bicubic)
        let rows = vertical.applied(to: picture.to(dtype: .float64), axis: 2, outputs: 0..<height)
        return rounded(horizontal.applied(to: rounded(rows), axis: 3, outputs: 0..<width)).to(dtype: picture.dtype)
    }

    /// A picture shrunk by a whole number, which divides both sides.
    public static func reduced(_ picture: Tensor, by factor: Int) -> Tensor {
        let shape = picture.shape
        precondition(
            factor > 0 && shape[2] % factor == 0 && shape[3] % factor == 0 || !picture.isDefined,
            "\(picture.summary) cannot be reduced by \(factor)")
        return resized(picture, height: shape[2] / factor, width: shape[3] / factor)
    }

    /// A picture enlarged by a whole number.
    public static func enlarged(_ picture: Tensor, by factor: Int) -> Tensor {
        resized(picture, height: picture.shape[2] * factor, width: picture.shape[3] * factor)
    }

    /// 8 bits, half away from zero.
    private static func rounded(_ x: Tensor) -> Tensor { (x.clamped(to: 0...255) + 0.5).floor() }
}
