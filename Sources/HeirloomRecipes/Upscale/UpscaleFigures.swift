import Foundation

/// How good enlarged pictures are, as means over held-out pictures, beside the bicubic enlargement of the same pictures.
public struct UpscaleFigures: TrainingFigures {
    /// Number of pictures.
    public var pictures: Int
    /// PSNR on luma in dB, of the network and of bicubic. Rewards blur: not a measure of looks.
    public var psnr: Double, bicubicPSNR: Double
    /// Structural similarity on luma.
    public var ssim: Double, bicubicSSIM: Double
    /// The feature loss against the truth; nil without a feature network.
    public var featureDistance: Double?, bicubicFeatureDistance: Double?
    /// For each picture: its mean absolute error and its feature distance as parts of bicubic's, half of each. 1 is as
    /// good as bicubic, smaller is better.
    public var scores: [Double]

    /// The figures in a line.
    public var summary: String {
        var parts = [
            String(format: "PSNR %.2f dB (bicubic %.2f)", psnr, bicubicPSNR),
            String(format: "SSIM %.4f (bicubic %.4f)", ssim, bicubicSSIM),
        ]
        if let featureDistance, let bicubicFeatureDistance {
            parts.append(
                String(format: "feature distance %.3f (bicubic %.3f)", featureDistance, bicubicFeatureDistance))
        }
        return (parts + [String(format: "score %.3f (bicubic 1)", score)]).joined(separator: ", ")
    }
}
