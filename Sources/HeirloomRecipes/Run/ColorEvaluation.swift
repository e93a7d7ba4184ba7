public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
import HeirloomSignals
public import HeirloomTensors

/// Measures a colour network on the pictures of a store.
public struct ColorEvaluation {
    private let classifier: EfficientNetLite?
    private let device: Device

    /// Prepares the measurement.
    /// - Parameter classifier: A network with ImageNet weights for the recognition figures, which moves to the device;
    ///   nil leaves them out.
    public init(classifier: EfficientNetLite?, device: Device = .cpu) {
        classifier?.train(false)
        classifier?.to(device: device, format: .channelsLast)
        self.classifier = classifier
        self.device = device
    }

    /// Recolours pictures at their own size and compares them with the truth.
    /// - Parameters:
    ///   - network: The network; its mode is left as it was.
    ///   - pictures: Which pictures of the store.
    /// - Precondition: There is at least one picture.
    public func figures(of network: ColorUNet, on store: PackedStore, pictures: [Int]) -> ColorFigures {
        precondition(!pictures.isEmpty, "an evaluation without pictures")
        var sums: [String: Double] = [:]
        network.withTraining(false) {
            withoutGradients {
                for index in pictures {
                    let found = figures(of: network, truth: store.picture(index), label: store.entries[index].label)
                    sums.merge(found) { $0 + $1 }
                }
            }
        }
        func mean(_ name: String, over count: Double? = nil) -> Double {
            (sums[name] ?? 0) / (count ?? Double(pictures.count))
        }
        let labelled = sums["labelled"].flatMap { $0 > 0 && classifier != nil ? $0 : nil }
        return ColorFigures(
            pictures: pictures.count, colorfulness: mean("colorfulness"), trueColorfulness: mean("trueColorfulness"),
            chromaError: mean("chromaError"), greyChromaError: mean("greyChromaError"), psnr: mean("psnr"),
            greyPSNR: mean("greyPSNR"), agreement: classifier.map { _ in mean("agreement") },
            greyAgreement: classifier.map { _ in mean("greyAgreement") },
            accuracy: labelled.map { mean("accuracy", over: $0) },
            trueAccuracy: labelled.map { mean("trueAccuracy", over: $0) },
            greyAccuracy: labelled.map { mean("greyAccuracy", over: $0) })
    }

    private func figures(of network: ColorUNet, truth bytes: Tensor, label: Int?) -> [String: Double] {
        let truth = bytes.unsqueezed(0).to(device: device).to(dtype: .float32) / 255
        let matrix = YCbCrMatrix.bt601
        let luma = matrix.luma(of: truth)
        let colored = matrix.combined(luma: luma, chroma: network.chroma(of: luma).to(dtype: .float32))
            .clamped(to: 0...1)
        let grey = luma.expanded([-1, 3, -1, -1])
        var result = [
            "colorfulness": ColorMetrics.colorfulness(colored).item(),
            "trueColorfulness": ColorMetrics.colorfulness(truth).item(),
            "chromaError": ColorMetrics.chromaError(colored, truth).item(),
            "greyChromaError": ColorMetrics.chromaError(grey, truth).item(),
            "psnr": FidelityMetrics.psnr(colored, truth).item(), "greyPSNR": FidelityMetrics.psnr(grey, truth).item(),
        ]
        guard let classifier else { return result }
        let classes = [truth, colored, grey].map { topClass(of: $0, classifier) }
        result["agreement"] = classes[1] == classes[0] ? 1 : 0
        result["greyAgreement"] = classes[2] == classes[0] ? 1 : 0
        if let label {
            result["labelled"] = 1
            result["trueAccuracy"] = classes[0] == label ? 1 : 0
            result["accuracy"] = classes[1] == label ? 1 : 0
            result["greyAccuracy"] = classes[2] == label ? 1 : 0
        }
        return result
    }

    /// The first class of the middle square of a picture, at the classifier's own size.
    private func topClass(of rgb: Tensor, _ classifier: EfficientNetLite) -> Int {
        let size = classifier.configuration.nominalSize
        let side = min(rgb.shape[2], rgb.shape[3])
        let (top, left) = ((rgb.shape[2] - side) / 2, (rgb.shape[3] - side) / 2)
        let square = rgb.sliced(axis: 2, from: top, to: top + side).sliced(axis: 3, from: left, to: left + side)
            .resized(height: size, width: size, mode: .bicubic, antialias: true).clamped(to: 0...1)
        return Int(classifier.logits(EfficientNetLite.normalized(square)).argmax(axis: 1).item())
    }
}
