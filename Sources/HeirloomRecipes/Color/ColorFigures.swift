/// How good recoloured pictures are, as means over pictures.
public struct ColorFigures: TrainingFigures {
    /// Number of pictures.
    public var pictures: Int
    /// Colourfulness (Hasler and Süsstrunk) of the recoloured and of the true pictures.
    public var colorfulness: Double, trueColorfulness: Double
    /// Mean distance of the chroma in CIELAB, of the recoloured picture and of grey.
    public var chromaError: Double, greyChromaError: Double
    /// PSNR in dB against the true picture, of the recoloured picture and of grey.
    public var psnr: Double, greyPSNR: Double
    /// Part of the pictures that a classifier gives the same first class as the true picture: recoloured and grey.
    public var agreement: Double?, greyAgreement: Double?
    /// Part of the pictures that a classifier gives the labelled class: true, recoloured and grey.
    public var accuracy: Double?, trueAccuracy: Double?, greyAccuracy: Double?
    /// Mean distance in colourfulness from the true picture, picture by picture.
    public var colorfulnessGap: Double?
    /// Perceptual distance from the true picture, of the recoloured picture and of grey; see ``ColorEvaluation``.
    public var perceptual: Double?, greyPerceptual: Double?
    /// One number for each picture, smaller is better; nil in figures from before there were stop rules.
    public var pictureScores: [Double]?

    /// One number for each picture, smaller is better; see ``ColorEvaluation/score(perceptual:chromaError:gap:)``.
    public var scores: [Double] { pictureScores ?? [] }

    /// The figures in a line.
    public var summary: String { TrainingText.figures(self) }

    /// More colour must not be bought with wrong colour: the chroma error may rise by 5 %, and no more pictures may stop
    /// being recognised for what they are than chance explains. About one in eleven changes sides between two networks
    /// that are equally good, so that the difference has a standard error of 0.3 times the root of their number.
    public func objection(against base: ColorFigures) -> String? {
        if chromaError > base.chromaError * 1.05 { return "the chroma error rose by more than 5 %" }
        if let agreement, let before = base.agreement {
            let count = Double(max(pictures, 1))
            let chance = max(1.5, 0.3 * count.squareRoot()) / count
            if agreement < before - chance { return "fewer pictures are recognised" }
        }
        return nil
    }
}
