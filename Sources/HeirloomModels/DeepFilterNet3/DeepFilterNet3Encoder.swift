import HeirloomLayers
import HeirloomTensors

/// What the encoder hands to the decoders of some frames.
struct DeepFilterNet3Features {
    /// Of the bands, at 32, 16, 8 and 8 of them: `[N, C, T, bands]`.
    let bands: [Tensor]
    /// Of all bands and bins, before the recurrent layer: `[N, T, E]`.
    let embedding: Tensor
    /// What goes around the recurrent layers to the filter: `[N, T, bins, 2·order]`.
    let pathway: Tensor
}

/// The convolutions and the recurrent layer that both decoders build on.
///
/// Convolutions see the frame itself and up to six before it, so that they can run over a part of the frames at a time:
/// at full length they would need a gigabyte for a minute of sound.
final class DeepFilterNet3Encoder: Module {
    let band0: Conv2d
    let band1: SeparableConvolution
    let band2: SeparableConvolution
    let band3: SeparableConvolution
    let bin0: SeparableConvolution
    let bin1: SeparableConvolution
    let binEmbedding: GroupedLinear
    let recurrent: SqueezedGRU
    let signalToNoise: Linear
    private let channels: Int

    init(_ sizes: DeepFilterNet3Configuration, using generator: Generator?) {
        channels = sizes.channels
        func separable(_ step: Int) -> SeparableConvolution {
            SeparableConvolution(
                sizes.channels, to: sizes.channels, step: step, groups: sizes.channels, using: generator)
        }
        band0 = Conv2d(
            inputChannels: 1, outputChannels: channels, kernel: 3, padding: .zeros(vertical: 0, horizontal: 1),
            using: generator)
        band1 = separable(2)
        band2 = separable(2)
        band3 = separable(1)
        bin0 = SeparableConvolution(2, to: channels, kernel: [3, 3], groups: 2, using: generator)
        bin1 = separable(2)
        binEmbedding = GroupedLinear(
            inputs: channels * DeepFilterNet3.filteredBins / 2, outputs: sizes.embedding, groups: 32, using: generator)
        recurrent = SqueezedGRU(
            inputs: sizes.embedding, hidden: sizes.hidden, outputs: sizes.embedding, layers: 1, groups: 16,
            using: generator)
        signalToNoise = Linear(inputs: sizes.embedding, outputs: 1, using: generator)
    }

    /// The convolutions over some frames.
    /// - Parameter pathway: The filter decoder's convolution, which sees four frames of the past.
    /// - Shape: bands `[N, 1, T, 32]`, bins `[N, 2, T, 96]`.
    func convolved(
        bands: Tensor, bins: Tensor, frames: Range<Int>, pathway: SeparableConvolution
    ) -> DeepFilterNet3Features {
        let e0 = band0(bands.frames(from: frames.lowerBound - 2, to: frames.upperBound)).relu()
        let e1 = band1(e0)
        let e2 = band2(e1)
        let e3 = band3(e2)
        // Before the first frame there is nothing, which is not what the first convolution would make of nothing.
        let first = max(0, frames.lowerBound - 4)
        let c0 = bin0(bins.frames(from: first - 2, to: frames.upperBound))  // [N, C, …, 96]
        let own = frames.lowerBound - first
        let c1 = bin1(c0.sliced(axis: 2, from: own))  // [N, C, T, 48]
        let embedding = e3.flattenedBins() + binEmbedding(c1.flattenedBins()).relu()
        let around = pathway(c0.frames(from: own - 4, to: c0.shape[2])).transposed([0, 2, 3, 1])
        return DeepFilterNet3Features(bands: [e0, e1, e2, e3], embedding: embedding, pathway: around)
    }
}

extension Tensor {
    /// Frames of `[N, C, T, F]`, zeros before the first.
    fileprivate func frames(from start: Int, to end: Int) -> Tensor {
        let part = sliced(axis: 2, from: Swift.max(0, start), to: end)
        return start < 0 ? part.padded([0, 0, -start, 0]) : part
    }

    /// `[N, C, T, F]` → `[N, T, F·C]`.
    fileprivate func flattenedBins() -> Tensor { transposed([0, 2, 3, 1]).flattened(from: 2) }
}
