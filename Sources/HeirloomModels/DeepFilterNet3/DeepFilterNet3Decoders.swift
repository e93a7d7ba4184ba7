import HeirloomLayers
import HeirloomTensors

/// Makes a gain for each band of the encoder's features.
final class DeepFilterNet3BandDecoder: Module {
    let recurrent: SqueezedGRU
    let skip0: Conv2d
    let skip1: Conv2d
    let skip2: Conv2d
    let skip3: Conv2d
    let up3: SeparableConvolution
    let up2: SeparableConvolution
    let up1: SeparableConvolution
    let last: Conv2d

    init(_ sizes: DeepFilterNet3Configuration, using generator: Generator?) {
        let channels = sizes.channels
        func skip() -> Conv2d {
            Conv2d(inputChannels: channels, outputChannels: channels, kernel: 1, groups: channels, using: generator)
        }
        func up(_ step: Int) -> SeparableConvolution {
            SeparableConvolution(
                channels, to: channels, step: step, widening: step > 1, groups: channels, using: generator)
        }
        recurrent = SqueezedGRU(
            inputs: sizes.embedding, hidden: sizes.hidden, outputs: sizes.embedding, layers: 2, groups: 16,
            using: generator)
        skip0 = skip()
        skip1 = skip()
        skip2 = skip()
        skip3 = skip()
        up3 = up(1)
        up2 = up(2)
        up1 = up(2)
        last = Conv2d(
            inputChannels: channels, outputChannels: 1, kernel: [1, 3], padding: .zeros(vertical: 0, horizontal: 1),
            using: generator)
    }

    /// The gains of some frames.
    /// - Parameters:
    ///   - embedding: What the recurrent layers made of these frames, `[N, T, E]`.
    ///   - features: The encoder's of these frames, by falling number of bands.
    /// - Returns: `[N, T, 32]` in 0...1.
    func gains(_ embedding: Tensor, _ features: [Tensor]) -> Tensor {
        let shape = embedding.shape
        let bands = features[3].shape[3]
        var y = embedding.reshaped([shape[0], shape[1], bands, shape[2] / bands]).transposed([0, 3, 1, 2])
        y = up3(skip3(features[3]).relu() + y)  // [N, C, T, 8]
        y = up2(skip2(features[2]).relu() + y)  // [N, C, T, 16]
        y = up1(skip1(features[1]).relu() + y)  // [N, C, T, 32]
        return last(skip0(features[0]).relu() + y).sigmoid().squeezed(1)
    }
}

/// Makes the coefficients of the filters along time for the lower bins.
final class DeepFilterNet3FilterDecoder: Module {
    let pathway: SeparableConvolution
    let recurrent: SqueezedGRU
    let skip: GroupedLinear
    let last: GroupedLinear

    init(_ sizes: DeepFilterNet3Configuration, using generator: Generator?) {
        let taps = 2 * DeepFilterNet3.order
        pathway = SeparableConvolution(
            sizes.channels, to: taps, kernel: [5, 1], groups: DeepFilterNet3.pathwayGroups(sizes.channels),
            using: generator)
        recurrent = SqueezedGRU(
            inputs: sizes.embedding, hidden: sizes.hidden, outputs: nil, layers: 2, groups: 8, using: generator)
        skip = GroupedLinear(inputs: sizes.embedding, outputs: sizes.hidden, groups: 16, using: generator)
        last = GroupedLinear(
            inputs: sizes.hidden, outputs: DeepFilterNet3.filteredBins * taps, groups: 16, using: generator)
    }

    /// The complex coefficients of all frames.
    /// - Shape: embedding `[N, T, E]`, pathway `[N, T, 96, 10]` → complex `[N, T, 96, 5]`, the oldest frame's first.
    func coefficients(_ embedding: Tensor, pathway: Tensor) -> Tensor {
        let y = last(recurrent(embedding) + skip(embedding)).tanh()
        let shape = pathway.shape
        return (y.reshaped(shape) + pathway).reshaped(Array(shape.dropLast()) + [DeepFilterNet3.order, 2])
            .viewedAsComplex()
    }
}
