public import HeirloomTensors

/// Where a network does worst and where best: what to look at after training.
public struct Inspection {
    /// One picture.
    public struct Example {
        /// The picture's name.
        public let name: String
        /// The number that it was ranked by; see ``Inspection/measure``.
        public let score: Double
        /// The score in words, and what else is worth knowing.
        public let text: String
        /// The same for a sheet, in lines of at most 20 letters.
        public let caption: [String]
        /// What the network was given, what it made of it, and the truth: `[3, H, W]`, float32 on the CPU, sRGB 0...1.
        public let input: Tensor, output: Tensor, truth: Tensor
    }

    /// A picture's name and score, without its pixels.
    public struct Ranked: Codable, Sendable, Equatable {
        /// The picture's name.
        public let name: String
        /// Its score.
        public let score: Double
    }

    /// What the score is, in words: `chroma error (0 is perfect)`.
    public let measure: String
    /// All pictures, the worst first.
    public let ranking: [Ranked]
    /// The worst, the very worst first.
    public let worst: [Example]
    /// The best, the very best first.
    public let best: [Example]

    /// The worst and the best as rows of input, output and truth; the worst first.
    public var preview: PreviewSheet {
        PreviewSheet(rows: (worst + best).map { [$0.input, $0.output, $0.truth] })
    }
}
