/// How close restored sound came to the true one.
public struct SoundScores: Codable, Sendable, Hashable {
    /// One estimate.
    public struct Estimate: Codable, Sendable, Hashable {
        /// Its path.
        public let file: String
        /// Scale-invariant signal-to-distortion ratio in dB, optimally aligned, at 16 kHz.
        public let siSDR: Double
        /// The same in dB with a linear filter of 32 ms forgiven, at 16 kHz.
        public let sdrF: Double
        /// Short-time objective intelligibility, 0...1.
        public let stoi: Double
        /// Its extension for noise that comes and goes, 0...1.
        public let estoi: Double
        /// Mean signal-to-noise ratio of 30 ms frames in dB, at 16 kHz.
        public let segmentalSNR: Double
        /// Log-spectral distance in dB, at the reference's rate.
        public let logSpectralDistance: Double
        /// Where in the estimate the reference begins, in seconds.
        public let offset: Double
        /// How much faster than the reference's the estimate's clock runs, in millionths.
        public let drift: Double
        /// Whether the estimate is upside down; false where the two are too unlike to tell.
        public let isInverted: Bool
    }

    /// The path of the true sound.
    public let reference: String
    /// The part of it that was compared, in seconds.
    public let from: Double
    /// The end of that part, in seconds.
    public let to: Double
    /// Every estimate, in the order given.
    public let estimates: [Estimate]
}
