import HeirloomTensors

/// Covariances of speech and of everything else, summed over pieces of 2 s, from which those of any longer time follow.
struct SpatialStatistics {
    /// Frames in a piece: 2 s.
    static let piece = 125

    /// Σ m·y·yᴴ in each piece: complex64 `[P, F, D, D]`.
    private(set) var speech: Tensor
    /// Σ (1 − m)·y·yᴴ in each piece.
    private(set) var noise: Tensor
    /// Σ m over the frames that both channels of a pair recorded: float32 `[P, F, D, D]`, or `[P, F, 1, 1]`.
    private(set) var speechWeight: Tensor
    /// Σ (1 − m) likewise.
    private(set) var noiseWeight: Tensor
    /// Whether channels have frames of their own, so that sums of pairs need not fit together.
    private let isPairwise: Bool

    /// The number of pieces.
    var count: Int { speech.shape[0] }

    /// Sums up spectra.
    ///
    /// - Parameters:
    ///   - y: complex `[D, F, T]`, zero where a channel recorded nothing.
    ///   - mask: `[F, T]`.
    ///   - valid: `[D, T]`, or nil where all is valid.
    init(_ y: Tensor, mask: Tensor, valid: Tensor?) {
        let (channels, bins, frames) = (y.shape[0], y.shape[1], y.shape[2])
        let piece = SpatialStatistics.piece
        let pieces = max(1, (frames + piece - 1) / piece)
        let rest = pieces * piece - frames
        isPairwise = valid != nil
        // Which pairs were both recording: [P, piece, D²].
        let pairs = valid.map { valid in
            let padded = valid.padded([0, rest])
            return (padded.unsqueezed(0) * padded.unsqueezed(1)).reshaped([channels * channels, pieces, piece])
                .transposed([1, 2, 0])
        }
        var sums: [[Tensor]] = [[], [], [], []]
        for start in stride(from: 0, to: bins, by: 64) {
            let end = min(bins, start + 64)
            // [P, n, D, piece]
            let part = y.sliced(axis: 1, from: start, to: end).padded([0, rest])
                .reshaped([channels, end - start, pieces, piece]).transposed([2, 1, 0, 3]).contiguous()
            let adjoint = part.adjoint
            let m = mask.sliced(axis: 0, from: start, to: end)
            for (index, weight) in [m, 1 - m].enumerated() {
                let w = weight.padded([0, rest]).reshaped([end - start, pieces, piece]).transposed([1, 0, 2])
                sums[index].append((part * w.unsqueezed(2)).matmul(adjoint))
                sums[2 + index].append(
                    pairs.map { w.matmul($0).reshaped([pieces, end - start, channels, channels]) }
                        ?? w.sum(axes: [2]).unsqueezed(-1).unsqueezed(-1))
            }
        }
        speech = concatenated(sums[0], axis: 1)
        noise = concatenated(sums[1], axis: 1)
        speechWeight = concatenated(sums[2], axis: 1)
        noiseWeight = concatenated(sums[3], axis: 1)
    }

    /// The covariance of speech, the pieces weighted: complex128 `[F, D, D]`; `weights` is one number for each piece.
    func speechCovariance(_ weights: [Double]) -> Tensor { mean(speech, speechWeight, weights) }

    /// The covariance of what is not speech.
    func noiseCovariance(_ weights: [Double]) -> Tensor { mean(noise, noiseWeight, weights) }

    /// How many frames of speech and of noise each bin has: two `[F]`, float64.
    func frames(_ weights: [Double]) -> (speech: Tensor, noise: Tensor) {
        func total(_ weight: Tensor) -> Tensor { weighted(weight, weights).max(axes: [1, 2]) }
        return (total(speechWeight), total(noiseWeight))
    }

    /// How much speech each piece has, as the mean of its mask over bins: `count` numbers.
    func activity(bins: Range<Int>) -> [Double] {
        let part = speechWeight.sliced(axis: 1, from: bins.lowerBound, to: bins.upperBound)
        return part.max(axes: [2, 3]).mean(axes: [1]).to(dtype: .float64).scalars(as: Double.self)
            .map { $0 / Double(SpatialStatistics.piece) }
    }

    private func mean(_ sums: Tensor, _ weight: Tensor, _ weights: [Double]) -> Tensor {
        let result = weighted(sums.to(dtype: .complex128), weights) / weighted(weight, weights).clamped(to: 1e-10...)
        return isPairwise ? result.hermitian.positiveSemidefinite() : result.hermitian
    }

    private func weighted(_ x: Tensor, _ weights: [Double]) -> Tensor {
        let factor = Tensor(weights, shape: [count, 1, 1, 1])
        return (x.dtype == .complex128 ? x * factor : x.to(dtype: .float64) * factor).sum(axes: [0])
    }
}
