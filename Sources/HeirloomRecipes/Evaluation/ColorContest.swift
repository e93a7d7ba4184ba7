public import HeirloomDatasets
import HeirloomModels
import HeirloomSignals
public import HeirloomTensors

/// Colours the grey version of every picture in several ways and compares the results with the true pictures.
///
/// Pictures are coloured at the size at which they are stored. Grey and the true pictures themselves are measured beside
/// them: what has to be beaten, and what cannot be.
public final class ColorContest {
    private let candidates: [ColorCandidate]
    private let judge: PictureJudge?
    private let device: Device

    /// A contest.
    ///
    /// - Parameter judge: for what needs recognition; nil leaves it out.
    public init(_ candidates: [ColorCandidate], judge: PictureJudge?, device: Device = .cpu) {
        self.candidates = candidates
        self.judge = judge
        self.device = device
    }

    /// Measures.
    ///
    /// - Parameters:
    ///   - pictures: which pictures of the store.
    ///   - progress: called after every picture; throws to end the contest.
    /// - Throws: what a candidate throws; what `progress` throws.
    /// - Precondition: there is a picture.
    public func run(
        on store: PackedStore, pictures: [Int], progress: (_ completed: Int) throws -> Void = { _ in }
    ) throws -> ColorComparison {
        precondition(!pictures.isEmpty, "a contest without pictures")
        var scores = [[ColorScore]](repeating: [], count: candidates.count + 2)
        for (number, index) in pictures.enumerated() {
            let found = try recovering { try withoutGradients { try self.scores(of: index, in: store) } }
            for (place, score) in found.enumerated() { scores[place].append(score) }
            try progress(number + 1)
        }
        let names = ["grey"] + candidates.map(\.name) + ["true"]
        return ColorComparison(
            pictures: pictures.map { store.metadata.pictures[$0].name },
            labelled: pictures.count { store.entries[$0].label != nil },
            entries: zip(names, scores).map { ColorComparison.Entry(name: $0, scores: $1) })
    }

    /// The scores of grey, of every candidate and of the truth.
    private func scores(of index: Int, in store: PackedStore) throws -> [ColorScore] {
        let truth = store.picture(index).unsqueezed(0).to(device: device).to(dtype: .float32) / 255
        let reference = Reference(
            truth: truth, colorfulness: ColorMetrics.colorfulness(truth).item(), seen: judge?.look(at: truth),
            label: store.entries[index].label)
        let colored = try ([ColorCandidate.grey] + candidates).map { try Self.colored(truth, by: $0) }
        return (colored + [truth]).map { score(of: $0, against: reference) }
    }

    /// The grey version of a picture, coloured.
    ///
    /// - Shape: `[1, 3, H, W]`, sRGB 0...1, as the result.
    static func colored(_ truth: Tensor, by candidate: ColorCandidate) throws -> Tensor {
        let luma = YCbCrMatrix.bt601.luma(of: truth)
        return YCbCrMatrix.bt601.combined(luma: luma, chroma: try candidate.chroma(luma)).clamped(to: 0...1)
    }

    private struct Reference {
        let truth: Tensor, colorfulness: Double, seen: PictureJudge.Impression?, label: Int?
    }

    private func score(of colored: Tensor, against reference: Reference) -> ColorScore {
        let colorfulness = ColorMetrics.colorfulness(colored).item()
        let gap = colorfulness - reference.colorfulness
        let chromaError = ColorMetrics.chromaError(colored, reference.truth).item()
        let seen = judge?.look(at: colored)
        let distance: Double? =
            if let judge, let seen, let truth = reference.seen { judge.distance(seen, truth) } else { nil }
        let isLarge = min(colored.shape[2], colored.shape[3]) >= 11
        return ColorScore(
            colorfulness: colorfulness, colorfulnessGap: gap, chromaError: chromaError, perceptualDistance: distance,
            agrees: seen.map { $0.topClass == reference.seen?.topClass },
            namesLabel: reference.label.flatMap { label in seen.map { $0.topClass == label } },
            psnr: FidelityMetrics.psnr(colored, reference.truth).item(),
            ssim: isLarge ? FidelityMetrics.ssim(colored, reference.truth).item() : nil,
            score: ColorEvaluation.score(perceptual: distance, chromaError: chromaError, gap: gap))
    }
}
