public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
import HeirloomSignals
public import HeirloomTensors

/// Measures a colour network on the pictures of a store.
///
/// Recognition and perceptual distance are those of a ``PictureJudge`` with a classifier that took no part in training.
public struct ColorEvaluation {
    private let judge: PictureJudge?
    private let device: Device
    private let references = References()

    /// What is known of the true pictures, kept between evaluations of the same store.
    private final class References {
        var store: PackedStore?
        var known: [Int: [String: Double]] = [:]
    }

    /// Prepares the measurement.
    /// - Parameter classifier: A network with ImageNet weights for recognition and perceptual distance, which moves to
    ///   the device; nil leaves them out.
    public init(classifier: EfficientNetLite?, device: Device = .cpu) {
        judge = classifier.map { PictureJudge($0, device: device) }
        self.device = device
    }

    /// The number by which networks are compared, of one picture; smaller is better.
    ///
    /// The three parts are scaled so that a grey picture gets about 1 of each: what a classifier that took no part in
    /// training sees, how wrong the colours are, and how much more or less colourful the picture is than the true one.
    /// Wrong colour and perceptual distance alone favour pale pictures, for a brown average is never far from anything; and
    /// paleness is what people see first. So colourfulness counts twice, and ``ColorFigures/objection(against:)`` bounds
    /// what it may cost in the other two.
    /// - Parameters:
    ///   - perceptual: Perceptual distance, or nil when there is no classifier.
    ///   - chromaError: Mean distance in CIELAB's a*b* plane.
    ///   - gap: Difference in colourfulness, positive or negative.
    public static func score(perceptual: Double?, chromaError: Double, gap: Double) -> Double {
        (perceptual ?? 0) / greyPerceptual + chromaError / greyChromaError + 2 * abs(gap) / greyGap
    }

    /// Means over 152 photographs turned grey (EfficientNet-Lite1 as the judge).
    static let greyPerceptual = 0.266, greyChromaError = 19.2, greyGap = 48.4

    /// Recolours pictures at their own size and compares them with the truth.
    /// - Parameters:
    ///   - network: The network; its mode is left as it was.
    ///   - pictures: Which pictures of the store.
    /// - Precondition: There is at least one picture.
    public func figures(of network: ColorUNet, on store: PackedStore, pictures: [Int]) -> ColorFigures {
        precondition(!pictures.isEmpty, "an evaluation without pictures")
        if references.store !== store { (references.store, references.known) = (store, [:]) }
        let found = network.withTraining(false) {
            withoutGradients { pictures.map { figures(of: network, on: store, picture: $0) } }
        }
        func mean(_ name: String) -> Double {
            let values = found.compactMap { $0[name] }
            return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
        }
        func optional(_ name: String) -> Double? { found.contains { $0[name] != nil } ? mean(name) : nil }
        return ColorFigures(
            pictures: pictures.count, colorfulness: mean("colorfulness"), trueColorfulness: mean("trueColorfulness"),
            chromaError: mean("chromaError"), greyChromaError: mean("greyChromaError"), psnr: mean("psnr"),
            greyPSNR: mean("greyPSNR"), agreement: optional("agreement"), greyAgreement: optional("greyAgreement"),
            accuracy: optional("accuracy"), trueAccuracy: optional("trueAccuracy"),
            greyAccuracy: optional("greyAccuracy"), colorfulnessGap: mean("gap"), perceptual: optional("perceptual"),
            greyPerceptual: optional("greyPerceptual"),
            pictureScores: found.map { ($0["score", default: 0] * 1e5).rounded() / 1e5 })
    }

    private func figures(of network: ColorUNet, on store: PackedStore, picture index: Int) -> [String: Double] {
        let truth = store.picture(index).unsqueezed(0).to(device: device).to(dtype: .float32) / 255
        let luma = YCbCrMatrix.bt601.luma(of: truth)
        let reference = reference(index, truth: truth, luma: luma, label: store.entries[index].label)
        let colored = YCbCrMatrix.bt601.combined(luma: luma, chroma: network.chroma(of: luma).to(dtype: .float32))
            .clamped(to: 0...1)
        let colorfulness = ColorMetrics.colorfulness(colored).item()
        let chromaError = ColorMetrics.chromaError(colored, truth).item()
        let gap = colorfulness - reference["trueColorfulness", default: 0]
        var result = reference
        result["colorfulness"] = colorfulness
        result["gap"] = abs(gap)
        result["chromaError"] = chromaError
        result["psnr"] = FidelityMetrics.psnr(colored, truth).item()
        if let judge {
            let (seen, wanted) = (judge.look(at: colored), judge.look(at: truth))
            result["agreement"] = seen.topClass == wanted.topClass ? 1 : 0
            result["accuracy"] = store.entries[index].label.map { $0 == seen.topClass ? 1 : 0 }
            result["perceptual"] = judge.distance(seen, wanted)
        }
        result["score"] = Self.score(perceptual: result["perceptual"], chromaError: chromaError, gap: gap)
        return result
    }

    /// What does not depend on the network.
    private func reference(_ index: Int, truth: Tensor, luma: Tensor, label: Int?) -> [String: Double] {
        if let known = references.known[index] { return known }
        let grey = luma.expanded([-1, 3, -1, -1])
        var result = [
            "trueColorfulness": ColorMetrics.colorfulness(truth).item(),
            "greyChromaError": ColorMetrics.chromaError(grey, truth).item(),
            "greyPSNR": FidelityMetrics.psnr(grey, truth).item(),
        ]
        if let judge {
            let (wanted, seen) = (judge.look(at: truth), judge.look(at: grey))
            result["greyAgreement"] = seen.topClass == wanted.topClass ? 1 : 0
            result["greyPerceptual"] = judge.distance(seen, wanted)
            if let label {
                result["trueAccuracy"] = wanted.topClass == label ? 1 : 0
                result["greyAccuracy"] = seen.topClass == label ? 1 : 0
            }
        }
        references.known[index] = result
        return result
    }
}
