/// How one recoloured picture compares with the true one.
public struct ColorScore: Codable, Sendable, Equatable {
    /// Colourfulness (Hasler and Süsstrunk): 0 is grey, 33 moderate, 82 high.
    public let colorfulness: Double
    /// Colourfulness less that of the true picture: below 0 is too pale, above 0 too strong.
    public let colorfulnessGap: Double
    /// Mean distance of the chroma in CIELAB's a*b* plane; 0 is perfect.
    public let chromaError: Double
    /// How differently a classifier that took no part in training sees it; nil without a classifier.
    public let perceptualDistance: Double?
    /// Whether that classifier takes it for what it takes the true picture for; nil without a classifier.
    public let agrees: Bool?
    /// Whether that classifier names the labelled class; nil without a classifier or a label.
    public let namesLabel: Bool?
    /// PSNR in dB; infinite for equal pictures. Misleading for colour: grey scores well.
    public let psnr: Double
    /// SSIM, nil below 11 pixels. Misleading for colour: it is that of brightness, which is given.
    public let ssim: Double?
    /// The number that verdicts of training runs compare, smaller is better; see ``ColorEvaluation``.
    public let score: Double
}

extension ColorScore {
    /// What a comparison tells of every candidate, in the order of a table.
    public enum Measure: String, Codable, Sendable, CaseIterable {
        /// See the properties of ``ColorScore``.
        case colorfulness, colorfulnessGap, chromaError, perceptualDistance, agrees, namesLabel, score, psnr, ssim

        /// Whether the values are true or false, to be shown as a percentage.
        public var isPart: Bool { self == .agrees || self == .namesLabel }
        /// Whether the measure is shown because people ask for it, not because it tells how good colours are.
        public var isMisleading: Bool { self == .psnr || self == .ssim }
    }

    /// The value of a measure; 1 for true, 0 for false.
    public func value(_ measure: Measure) -> Double? {
        switch measure {
        case .colorfulness: colorfulness
        case .colorfulnessGap: colorfulnessGap
        case .chromaError: chromaError
        case .perceptualDistance: perceptualDistance
        case .agrees: agrees.map { $0 ? 1 : 0 }
        case .namesLabel: namesLabel.map { $0 ? 1 : 0 }
        case .score: score
        case .psnr: psnr
        case .ssim: ssim
        }
    }
}
