import HeirloomMedia
import HeirloomMediaTensors
import HeirloomModels
import HeirloomSignals
import HeirloomTensors
import HeirloomWorkers

/// Measures enlargement as super-resolution papers do: PSNR and SSIM on the luma of 8-bit pictures, as many pixels as the
/// factor left out along the border, the mean over all pictures.
public struct UpscaleEvaluation: Sendable {
    /// Where the pictures that are compared with the true ones come from.
    public enum Method: Sendable, Hashable {
        /// Small pictures of a folder, enlarged by a model.
        case model(ModelChoice, small: String)
        /// Small pictures of a folder, enlarged as papers do for comparison.
        case bicubic(small: String)
        /// Ready results of a folder.
        case results(String)
    }

    /// The folder of true pictures.
    public var truth: String
    /// What is compared with them.
    public var method: Method
    /// By how much pictures are enlarged; nil finds it out from the sizes.
    public var scale: Int?
    /// Where the network computes.
    public var device = DeviceChoice.auto
    /// What it computes in; `auto` is float32 here, the reference.
    public var precision = Precision.auto
    /// CPU threads, nil for libtorch's own choice.
    public var threads: Int?
    /// Rounds luma to whole numbers, as evaluations before about 2017 did; it costs up to 0.01 dB.
    public var roundsLuma = false

    /// An evaluation.
    public init(truth: String, method: Method) {
        self.truth = truth
        self.method = method
    }

    /// Measures every pair of pictures.
    ///
    /// - Parameter report: is told each picture's figures as soon as they are known, and how many came before it.
    /// - Throws: `MediaError`, `RestorationError` or what the model files throw, for pictures without a partner, sizes that
    ///   do not fit, a model of another factor.
    public func run(report: @Sendable (UpscaleScores.Picture, Int) -> Void = { _, _ in }) async throws -> UpscaleScores
    {
        if let scale, !(1...16).contains(scale) {
            throw RestorationError(.badRequest, "A scale of \(scale) is outside 1...16.")
        }
        let pairs =
            switch method {
            case .model(_, let small), .bicubic(let small):
                try PicturePairs(truth: truth, other: small, role: .small).pairs
            case .results(let folder): try PicturePairs(truth: truth, other: folder, role: .result).pairs
            }
        let worker = try await Worker(name: "evaluate") { try UpscaleMeasurement(self) }
        var pictures: [UpscaleScores.Picture] = []
        var used = scale
        for pair in pairs {
            try Task.checkCancellation()
            let factor = used
            let (picture, found) = try await worker.run { try $0.measure(pair, scale: factor) }
            used = found
            report(picture, pictures.count)
            pictures.append(picture)
        }
        return UpscaleScores(method: name, scale: used ?? 1, pictures: pictures)
    }

    private var name: String {
        switch method {
        case .model(.standard, _): Pretrained.stillUpscaler
        case .model(.named(let name), _): name
        case .bicubic: "bicubic"
        case .results(let folder): folder
        }
    }
}
