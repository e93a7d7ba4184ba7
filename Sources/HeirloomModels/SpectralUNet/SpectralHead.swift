import Foundation
import HeirloomLayers
import HeirloomTensors

/// What a spectral U-Net says of each bin: six numbers, from the decoder's features and the input beside them.
///
/// - Shape: `[N, C, F, T]` and `[N, I, F, T]` → `[N, 6 · fold, F, T]`.
final class SpectralHead: Module {
    let mix: Conv2d
    let output: Conv2d

    /// Begins with a mask of 1 everywhere and nothing added.
    init(features: Int, inputs: Int, fold: Int, using generator: Generator?) {
        let width = 2 * features
        mix = Conv2d(inputChannels: features + inputs, outputChannels: width, kernel: 1, using: generator)
        var (weight, bias) = (Tensor.zeros([6 * fold, width, 1, 1]), Tensor.zeros([6 * fold]))
        if let generator {
            let drawn = { (outputs: Int) in
                Initializer.normal(standardDeviation: 0.02)([outputs * fold, width, 1, 1], using: generator)
            }
            weight = concatenated([drawn(2), .zeros([2 * fold, width, 1, 1]), drawn(2)], axis: 0)
            bias = concatenated([.full([fold], atanh(0.5)), .zeros([5 * fold])], axis: 0)
        }
        output = Conv2d(weight: weight, bias: bias)
    }

    func callAsFunction(_ features: Tensor, _ input: Tensor) -> Tensor {
        output(mix(concatenated([features, input], axis: 1)).silu())
    }
}
