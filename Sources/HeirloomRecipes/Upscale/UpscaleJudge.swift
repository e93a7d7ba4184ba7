public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
import HeirloomSignals
public import HeirloomTensors

/// Measures a network that enlarges on pictures of a store that are made small in a fixed way.
public final class UpscaleJudge {
    /// Longest side of what is measured of a picture, in pixels: its middle.
    public static let longestSide = 256
    /// Shortest side of a picture that can be measured, in pixels.
    public static let shortestSide = 48

    /// The pictures that can be measured.
    public let pictures: [Int]
    private let store: PackedStore
    private let scale: Int
    private let degradation: UpscaleDegradation
    private let features: FeatureLoss?
    private let device: Device
    private let seed: UInt64
    private var bicubic: [Int: Measures] = [:]

    private struct Measures {
        var error: Double, psnr: Double, ssim: Double, feature: Double?
    }

    /// Prepares the measurement.
    /// - Parameters:
    ///   - pictures: Which pictures of the store; those that are too small are left out.
    ///   - features: The feature loss, whose network lies on the device; nil leaves its figures out.
    ///   - seed: Of the degradations, which are the same every time and on every device.
    public init(
        store: PackedStore, pictures: [Int], scale: Int, degradation: UpscaleDegradation, features: FeatureLoss?,
        device: Device = .cpu, seed: UInt64 = 1
    ) {
        let least = max(Self.shortestSide, degradation.smallestSide(scale: scale))
        self.store = store
        self.pictures = pictures.filter { min(store.entries[$0].width, store.entries[$0].height) >= least + scale }
        self.scale = scale
        self.degradation = degradation
        self.features = features
        self.device = device
        self.seed = seed
    }

    /// Enlarges pictures and compares them with the truth; the network's mode is left as it was.
    /// - Parameter count: At most so many, always the same ones; nil for all.
    /// - Returns: Nil when there is no picture.
    public func figures(of network: any ImageRestorer, pictures count: Int? = nil) -> UpscaleFigures? {
        let chosen = pictures.prefix(count ?? pictures.count)
        guard !chosen.isEmpty else { return nil }
        var found: [(own: Measures, bicubic: Measures)] = []
        network.withTraining(false) {
            withoutGradients {
                for index in chosen {
                    let (small, truth) = pair(index)
                    let own = measures(network(small.to(device: device)).to(dtype: .float32), truth)
                    found.append((own, bicubicMeasures(index, small, truth)))
                }
            }
        }
        func mean(_ value: (Measures) -> Double) -> (own: Double, bicubic: Double) {
            let n = Double(found.count)
            return (
                found.reduce(0) { $0 + value($1.own) } / n, found.reduce(0) { $0 + value($1.bicubic) } / n
            )
        }
        let (psnr, ssim) = (mean(\.psnr), mean(\.ssim))
        let feature = features.map { _ in mean { $0.feature ?? .nan } }
        return UpscaleFigures(
            pictures: found.count, psnr: psnr.own, bicubicPSNR: psnr.bicubic, ssim: ssim.own, bicubicSSIM: ssim.bicubic,
            featureDistance: feature?.own, bicubicFeatureDistance: feature?.bicubic,
            scores: found.map { Self.score($0.own, $0.bicubic) })
    }

    /// Rows to look at: what goes in (each pixel drawn large), what comes out, what should.
    public func preview(of network: any ImageRestorer, pictures count: Int = 6) -> PreviewSheet? {
        let chosen = pictures.prefix(count)
        guard !chosen.isEmpty else { return nil }
        let rows = network.withTraining(false) {
            withoutGradients {
                chosen.map { index -> [Tensor] in
                    let (small, truth) = pair(index)
                    let input = small.repeatedElements(scale, axis: 2).repeatedElements(scale, axis: 3)
                    let output = network(small.to(device: device)).to(dtype: .float32).to(device: .cpu)
                    return [input, output.clamped(to: 0...1), truth].map { $0.squeezed(0) }
                }
            }
        }
        return PreviewSheet(rows: rows)
    }

    /// A small picture and the true one, on the CPU: `[1, 3, h, w]` and `[1, 3, h · scale, w · scale]`.
    private func pair(_ index: Int) -> (small: Tensor, truth: Tensor) {
        let whole = store.picture(index).unsqueezed(0).to(dtype: .float32) / 255
        var truth = whole
        for axis in [2, 3] {
            let side = min(whole.shape[axis], Self.longestSide) / scale * scale
            let first = (whole.shape[axis] - side) / 2
            truth = truth.sliced(axis: axis, from: first, to: first + side)
        }
        let generator = Generator(seed: seed &+ UInt64(index) &* 7_919)
        return (degradation(truth, scale: scale, using: generator), truth)
    }

    private func measures(_ picture: Tensor, _ truth: Tensor) -> Measures {
        let clamped = picture.clamped(to: 0...1)
        let (found, wanted) = (clamped.to(device: .cpu), truth)
        let scores = PaperMetrics.compare(found * 255, wanted * 255, border: scale)
        return Measures(
            error: found.l1Loss(wanted).item(), psnr: scores.psnr, ssim: scores.ssim,
            feature: features.map { $0(clamped, truth: truth.to(device: device)).item() })
    }

    private func bicubicMeasures(_ index: Int, _ small: Tensor, _ truth: Tensor) -> Measures {
        if let known = bicubic[index] { return known }
        let enlarged = PaperBicubic.enlarged((small * 255).rounded(), by: scale) / 255
        let found = measures(enlarged.to(device: device), truth)
        bicubic[index] = found
        return found
    }

    private static func score(_ own: Measures, _ bicubic: Measures) -> Double {
        // A picture of one colour has no error to compare with.
        let error = own.error / max(bicubic.error, 1e-4)
        guard let feature = own.feature, let other = bicubic.feature else { return error }
        return 0.5 * error + 0.5 * feature / max(other, 1e-3)
    }
}
