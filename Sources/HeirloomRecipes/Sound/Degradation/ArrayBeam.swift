import Foundation
import HeirloomTensors

/// What a beamformer makes of several recorders, the short way: masks from the true speech with errors, one set of weights
/// for the whole crop (Souden et al., 2010).
struct ArrayBeam {
    let maker: SceneMaker
    let crops: [Int]
    /// The crops with several recorders.
    let arrays: [Int]

    /// The beams of the arrays, and how loud the speech is in each, compared with its reference recorder.
    ///
    /// The normalisation by a trace makes the beam of an echoing room quieter; what a network should say follows it.
    ///
    /// - Parameters:
    ///   - files: of all rows, `[rows, L]`.
    ///   - speech, mixture: spectra of all rows, what of the talker and what of everything reached the recorders.
    ///   - references: the row of each crop's reference.
    /// - Returns: `[arrays, L]` and `[arrays]`.
    func beams(
        of files: Tensor, speech: Tensor, mixture: Tensor, references: [Int]
    ) -> (beams: Tensor, levels: Tensor) {
        let length = files.shape[1]
        let size = 512 * max(1, maker.sampleRate / 16_000)
        let window = hannWindow(size, device: files.device)
        func transformed(_ x: Tensor) -> Tensor { x.stft(size, hop: size / 4, window: window) }
        let first = arrays.map { references[$0] }
        let said = transformed(speech.rows(first).inverseRealFFT(length: length)).abs().squared()
        let rest = transformed((mixture.rows(first) - speech.rows(first)).inverseRealFFT(length: length)).abs()
            .squared()
        let errors = column(arrays.map { maker.damages[$0].maskError }, files.device).unsqueezed(2)
        let noise = Tensor.normal(said.shape, using: maker.generator)
        let truth = said / (said + rest + 1e-9)
        // A network errs most where speech and noise are equally strong.
        let masks = (truth + noise * errors * truth * (1 - truth) * 4).clamped(to: 0.02...0.98)  // [arrays, F, T]

        var beams = Tensor.zeros([arrays.count, length], device: files.device)
        var levels = Tensor.zeros([arrays.count], device: files.device)
        for (count, places) in Dictionary(grouping: arrays.indices, by: { maker.damages[arrays[$0]].recorders.count })
            .sorted(by: { $0.key < $1.key })
        {
            let rows = places.flatMap { place in crops.indices.filter { crops[$0] == arrays[place] } }
            let heard = transformed(files.rows(rows))
            let (bins, times) = (heard.shape[1], heard.shape[2])
            let channels = heard.reshaped([places.count, count, bins, times]).transposed([0, 2, 1, 3])
            let beam = Self.beam(channels, mask: masks.rows(places).unsqueezed(2))
            beams = beams.replacing(
                places, with: beam.inverseSTFT(size, hop: size / 4, window: window, length: length))
            let reference = channels.selected(axis: 2, index: 0)  // [B, F, T]
            let weights = truth.rows(places).squared()
            let common = ((reference.conjugate() * beam).real() * weights).sum(axes: [1, 2])
            let level = common / ((reference.abs().squared() * weights).sum(axes: [1, 2]) + 1e-9)
            levels = levels.replacing(places, with: level.clamped(to: 0.05...2))
        }
        return (beams, levels)
    }

    /// Minimum variance without distortion of the first channel: complex `[B, F, M, T]` and a mask `[B, F, 1, T]` →
    /// `[B, F, T]`.
    private static func beam(_ x: Tensor, mask: Tensor) -> Tensor {
        let count = x.shape[2]
        let mirrored = x.conjugate().swappingAxes(2, 3)
        func covariance(_ weights: Tensor) -> Tensor {
            (x * weights).matmul(mirrored) / (weights.sum(axes: [3], keepingDimensions: true) + 1e-6)
        }
        let (speech, noise) = (covariance(mask), covariance(1 - mask))
        let power = noise.real().diagonal().mean(axes: [2], keepingDimensions: true).unsqueezed(3)
        let loaded = noise + Tensor.identity(count, device: x.device) * (power * 1e-2 + 1e-9)
        let ratio = loaded.solve(speech)
        let trace = ratio.real().diagonal().sum(axes: [2], keepingDimensions: true)
        let weights = ratio.selected(axis: 3, index: 0) / (trace + 1e-9)  // [B, F, M]
        return (x * weights.conjugate().unsqueezed(3)).sum(axes: [2])
    }
}
