/// How close enlarged pictures came to the true ones.
public struct UpscaleScores: Codable, Sendable, Hashable {
    /// One picture.
    public struct Picture: Codable, Sendable, Hashable {
        /// Its name, without suffix and ending.
        public let name: String
        /// Peak signal-to-noise ratio of luma in dB; infinite where nothing differs.
        public let psnr: Double
        /// Structural similarity of luma, at most 1.
        public let ssim: Double
    }

    /// What enlarged them: a model's name, `bicubic`, or the folder of ready results.
    public let method: String
    /// By how much.
    public let scale: Int
    /// Every picture, in the order of names.
    public let pictures: [Picture]
    /// The mean of all pictures' PSNR, in dB.
    public let psnr: Double
    /// The mean of all pictures' SSIM.
    public let ssim: Double

    init(method: String, scale: Int, pictures: [Picture]) {
        self.method = method
        self.scale = scale
        self.pictures = pictures
        psnr = pictures.reduce(0) { $0 + $1.psnr } / Double(pictures.count)
        ssim = pictures.reduce(0) { $0 + $1.ssim } / Double(pictures.count)
    }
}
