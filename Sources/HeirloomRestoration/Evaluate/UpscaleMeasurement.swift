import HeirloomMedia
import HeirloomMediaTensors
import HeirloomModels
import HeirloomSignals
import HeirloomTensors

/// The part of an ``UpscaleEvaluation`` that computes, on one thread.
final class UpscaleMeasurement {
    private let evaluation: UpscaleEvaluation
    private let network: (any ImageRestorer)?
    private let device: Device
    private let dtype: DType

    init(_ evaluation: UpscaleEvaluation) throws {
        self.evaluation = evaluation
        dtype = evaluation.precision.dtype ?? .float32
        guard case .model(let choice, _) = evaluation.method else {
            network = nil
            device = .cpu
            return
        }
        device = try evaluation.device.resolved()
        if let threads = evaluation.threads { Runtime.threads = threads }
        let name: String? = if case .named(let name) = choice { name } else { nil }
        let restorer = try Pretrained.standard().upscaler(name)
        if let scale = evaluation.scale, scale != restorer.description.scale {
            throw RestorationError(
                .badRequest,
                "\(name ?? Pretrained.stillUpscaler) enlarges \(restorer.description.scale) times, not \(scale) times; "
                    + "choose a model of that scale (see heirloom models).")
        }
        let (target, type) = (device, dtype)
        network = try recovering { restorer.preparedForInference(device: target, dtype: type) }
    }

    /// The figures of one pair, and the factor between its pictures.
    func measure(
        _ pair: PicturePairs.Pair, scale: Int?
    ) throws -> (picture: UpscaleScores.Picture, scale: Int) {
        let truth = try StillReader.read(pair.truth)
        let other = try StillReader.read(pair.other)
        let isGrey = truth.channels.isGrey
        let scores: PaperMetrics.Scores
        let factor: Int
        if case .results = evaluation.method {
            factor = scale ?? 4
            guard (truth.width, truth.height) == (other.width, other.height) else {
                throw Self.misfit(pair, truth, other, "results must be as large as the true pictures")
            }
            scores = try compare(Self.samples(other, isGrey: isGrey), Self.samples(truth, isGrey: isGrey), factor, pair)
        } else {
            factor =
                scale ?? network?.description.scale
                ?? max(Int((Double(truth.width) / Double(other.width)).rounded()), 1)
            // Papers cut true pictures to a multiple of the factor; some sets ship them uncut.
            guard
                (other.width * factor..<other.width * factor + max(factor, 1)).contains(truth.width),
                (other.height * factor..<other.height * factor + max(factor, 1)).contains(truth.height)
            else { throw Self.misfit(pair, truth, other, "true pictures must be \(factor) times as large") }
            let cut = Self.samples(truth, isGrey: isGrey)
                .sliced(axis: 2, from: 0, to: other.height * factor).sliced(axis: 3, from: 0, to: other.width * factor)
            scores = try compare(try enlarged(other, by: factor, isGrey: isGrey), cut, factor, pair)
        }
        return (.init(name: pair.name, psnr: scores.psnr, ssim: scores.ssim), factor)
    }

    private func compare(
        _ picture: Tensor, _ truth: Tensor, _ border: Int, _ pair: PicturePairs.Pair
    ) throws -> PaperMetrics.Scores {
        guard min(truth.shape[2], truth.shape[3]) >= 2 * border + 11 else {
            throw RestorationError(
                .badRequest,
                "'\(pair.truth)' is too small to be measured: without a border of \(border) pixels 11×11 must be left.")
        }
        return try recovering {
            withoutGradients {
                PaperMetrics.compare(picture, truth, border: border, roundingLuma: evaluation.roundsLuma)
            }
        }
    }

    /// 8-bit samples `[1, C, H, W]` of an enlarged picture.
    private func enlarged(_ image: StillImage, by factor: Int, isGrey: Bool) throws -> Tensor {
        guard let network else {
            let small = Self.samples(image, isGrey: isGrey)
            return PaperBicubic.enlarged(small, by: factor)
        }
        let picture = Tensor(rgb: image)
        do {
            let result = try recovering {
                withoutGradients {
                    let padded = picture.paddedByReflection(toMultipleOf: network.description.sizeMultiple)
                    return network(padded.to(dtype: dtype, device: device)).to(dtype: .float32, device: .cpu)
                        .sliced(axis: 2, from: 0, to: image.height * factor)
                        .sliced(axis: 3, from: 0, to: image.width * factor)
                }
            }
            let samples = (result.clamped(to: 0...1) * 255).rounded()
            return isGrey ? Self.grey(samples).rounded() : samples
        } catch let error as TorchError {
            throw UpscaleFailure.error(error, naming: "a picture of \(image.width)×\(image.height)")
        }
    }

    /// 8-bit samples of a picture as floating point numbers; one channel for grey.
    private static func samples(_ image: StillImage, isGrey: Bool) -> Tensor {
        let rgb = (Tensor(rgb: image) * 255).rounded()
        guard isGrey else { return rgb }
        return image.channels.isGrey ? rgb.sliced(axis: 1, from: 0, to: 1) : grey(rgb).rounded()
    }

    /// Grey of three channels, as the original programs make it.
    private static func grey(_ rgb: Tensor) -> Tensor { YCbCrMatrix.bt601.luma(of: rgb) }

    private static func misfit(
        _ pair: PicturePairs.Pair, _ truth: StillImage, _ other: StillImage, _ rule: String
    ) -> RestorationError {
        RestorationError(
            .badRequest,
            "'\(pair.truth)' is \(truth.width)×\(truth.height) and '\(pair.other)' \(other.width)×\(other.height), but \(rule)."
        )
    }
}
