import HeirloomLayers
import HeirloomTensors

/// Doubles the size, joins the encoder's tap, and mixes both with one convolution (wide) or two (deep).
final class DeOldifyBlock: Module {
    let shuffle: DeOldifyShuffle
    let skipNorm: BatchNorm2d
    let units: [DeOldifyUnit]
    private(set) var attention: (any UnaryLayer)?

    init(
        inputs: Int, skip: Int, upsampled: Int, outputs: Int, convolutions: Int, attention: Bool,
        using generator: Generator?
    ) {
        shuffle = DeOldifyShuffle(inputs: inputs, outputs: upsampled, using: generator)
        skipNorm = BatchNorm2d(channels: skip)
        skipNorm.bias = .full([skip], 1e-3)
        units = (0..<convolutions).map { index in
            DeOldifyUnit(inputs: index == 0 ? upsampled + skip : outputs, outputs: outputs, using: generator)
        }
        self.attention = attention ? SpectralSelfAttention2d(channels: outputs, using: generator) : nil
    }

    func callAsFunction(_ x: Tensor, skip: Tensor, trace: (Tensor) -> Void = { _ in }) -> Tensor {
        var u = shuffle(x)  // [N, up, 2·h, 2·w]
        trace(u)
        let (height, width) = (skip.shape[2], skip.shape[3])
        // Sides that are no multiples of 32 give one row or column too many.
        if u.shape[2] != height || u.shape[3] != width {
            u = u.resized(height: height, width: width, mode: .nearest)
        }
        // u is not negative: rectifying the tap alone is rectifying both.
        let y = units.reduce(concatenated([u, skipNorm(skip).relu()], axis: 1)) { $1($0) }  // [N, out, H, W]
        return attention?(y) ?? y
    }

    func fold() {
        shuffle.fold()
        for unit in units { unit.fold() }
        if let spectral = attention as? SpectralSelfAttention2d { attention = spectral.folded() }
    }
}
