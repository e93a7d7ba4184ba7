import HeirloomLayers
import HeirloomTensors

/// Doubles a picture's size: 1×1 convolution to four times the channels, normalisation, ReLU, pixel shuffle, blur.
final class DeOldifyShuffle: Module, UnaryLayer {
    private(set) var conv: any UnaryLayer
    /// Nil at the network's end, and once folded.
    private(set) var norm: BatchNorm2d?
    private let blur = PixelShuffleBlur()

    /// With spectral norm and normalisation.
    init(inputs: Int, outputs: Int, using generator: Generator?) {
        conv = SpectralConv2d(
            inputChannels: inputs, outputChannels: 4 * outputs, kernel: 1, bias: false,
            initializer: .icnr(.kaimingNormal, factor: 2), using: generator)
        norm = BatchNorm2d(channels: 4 * outputs)
    }

    /// At the network's end: with weight norm and a bias. The original loses the ICNR start here; we keep it.
    init(channels: Int, using generator: Generator?) {
        conv = WeightNormConv2d(
            inputChannels: channels, outputChannels: 4 * channels, kernel: 1,
            initializer: .icnr(.kaimingNormal, factor: 2), using: generator)
        norm = nil
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let y = conv(x)
        return blur(norm?(y) ?? y)  // [N, C, 2·H, 2·W]
    }

    /// Gives the convolution a plain weight with the normalisation in it.
    func fold() {
        let plain = conv.plain
        conv = (plain as? Conv2d).flatMap { conv in norm.map(conv.foldingBatchNorm) } ?? plain
        norm = nil
    }
}
