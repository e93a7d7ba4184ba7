import HeirloomLayers
import HeirloomTensors

/// Doubles the size, joins the encoder's tap, and mixes both with one 3×3 convolution.
final class ColorDecoderBlock: Module, BatchNormFolding {
    let shuffle: PixelShuffleUpsample
    let skipNorm: BatchNorm2d
    private(set) var conv: Conv2d
    private(set) var norm: BatchNorm2d?

    init(inputs: Int, skip: Int, upsampled: Int, outputs: Int, using generator: Generator?) {
        shuffle = PixelShuffleUpsample(inputChannels: inputs, outputChannels: upsampled, using: generator)
        skipNorm = BatchNorm2d(channels: skip)
        conv = Conv2d(
            inputChannels: upsampled + skip, outputChannels: outputs, kernel: 3, padding: .zeros(1), bias: false,
            initializer: .kaimingNormal, using: generator)
        norm = BatchNorm2d(channels: outputs)
    }

    func callAsFunction(_ x: Tensor, skip: Tensor) -> Tensor {
        let joined = concatenated([shuffle(x), skipNorm(skip).relu()], axis: 1)  // [N, up + skip, 2·H, 2·W]
        let y = conv(joined)
        return (norm?(y) ?? y).relu()  // [N, outputs, 2·H, 2·W]
    }

    func foldOwnBatchNorms() {
        guard let norm else { return }
        conv = conv.foldingBatchNorm(norm)
        self.norm = nil
    }
}
