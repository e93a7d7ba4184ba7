/// How good recoloured pictures are, as means over pictures.
public struct ColorFigures: Codable, Sendable, Equatable {
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
}
