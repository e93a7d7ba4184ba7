public import HeirloomTensors

/// PSNR and SSIM as super-resolution papers report them: on luma of 8-bit pictures, the border left out.
///
/// Other protocols give other numbers for the same picture: on RGB the PSNR is about 2 dB lower.
public enum PaperMetrics {
    /// How alike two pictures are.
    public struct Scores: Sendable, Hashable {
        /// Peak signal-to-noise ratio in dB for a peak of 255; infinite for equal pictures.
        public let psnr: Double
        /// Structural similarity, at most 1.
        public let ssim: Double

        /// Scores.
        public init(psnr: Double, ssim: Double) {
            self.psnr = psnr
            self.ssim = ssim
        }
    }

    /// Compares a picture with the true one.
    ///
    /// - Parameters:
    ///   - picture: `[1, 3, H, W]` or, for a grey file, `[1, 1, H, W]`, in 0...255; rounded to whole numbers first.
    ///   - truth: the same shape. Grey is compared directly, colour by ``luma(_:)``.
    ///   - border: samples left out on every side: the factor of enlargement.
    ///   - roundingLuma: rounds luma to whole numbers, as older evaluations did whose 8-bit conversion gave 8 bits; it
    ///     costs up to 0.01 dB and 0.001 of similarity.
    /// - Precondition: at least 11 × 11 samples are left.
    public static func compare(_ picture: Tensor, _ truth: Tensor, border: Int, roundingLuma: Bool = false) -> Scores {
        guard picture.isDefined, truth.isDefined else { return Scores(psnr: .nan, ssim: .nan) }
        let shape = truth.shape
        precondition(
            picture.shape == shape && shape.count == 4 && shape[0] == 1 && (shape[1] == 1 || shape[1] == 3),
            "\(picture.summary) cannot be compared with \(truth.summary)")
        precondition(
            border >= 0 && shape[2] >= 2 * border + 11 && shape[3] >= 2 * border + 11,
            "of \(truth.summary) nothing is left without a border of \(border)")
        let (a, b) = (plane(picture, border, roundingLuma), plane(truth, border, roundingLuma))
        // The window's constants are shares of the peak: planes in 0...1 give the same similarity.
        return Scores(
            psnr: FidelityMetrics.psnr(a, b).item(), ssim: FidelityMetrics.ssim(a, b).item())
    }

    /// Studio-range luma of Rec. 601 without rounding, in 16...235.
    /// - Parameter rgb: `[N, 3, H, W]`, 0...255.
    /// - Returns: `[N, 1, H, W]`, float64.
    public static func luma(_ rgb: Tensor) -> Tensor {
        let weights = Tensor([65.481 / 255, 128.553 / 255, 24.966 / 255], shape: [1, 3, 1, 1], device: rgb.device)
        return (rgb.to(dtype: .float64) * weights).sum(axes: [1], keepingDimensions: true) + 16
    }

    /// What is compared of a picture, as a share of the peak.
    private static func plane(_ picture: Tensor, _ border: Int, _ rounding: Bool) -> Tensor {
        let shape = picture.shape
        let whole = picture.to(dtype: .float64).rounded().clamped(to: 0...255)
        let inner = whole.sliced(axis: 2, from: border, to: shape[2] - border)
            .sliced(axis: 3, from: border, to: shape[3] - border)
        guard shape[1] == 3 else { return inner / 255 }
        let luma = luma(inner)
        return (rounding ? luma.rounded() : luma) / 255
    }
}
