import HeirloomLayers
import HeirloomTensors

/// A 3×3 convolution, then ReLU, then the normalisation, in this order.
final class DeOldifyUnit: Module, UnaryLayer {
    private(set) var conv: any UnaryLayer
    let norm: BatchNorm2d

    init(inputs: Int, outputs: Int, using generator: Generator?) {
        conv = SpectralConv2d(
            inputChannels: inputs, outputChannels: outputs, kernel: 3, padding: 1, bias: false,
            initializer: .kaimingNormal, using: generator)
        norm = BatchNorm2d(channels: outputs)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { norm(conv(x).relu()) }

    /// Gives the convolution a plain weight. The normalisation stays: it comes after the ReLU, and the next convolution
    /// pads with zeros.
    func fold() { conv = conv.plain }
}

extension UnaryLayer {
    /// The plain convolution of one with a computed weight, itself otherwise.
    var plain: any UnaryLayer { (self as? any WeightFolding)?.folded() ?? self }
}
