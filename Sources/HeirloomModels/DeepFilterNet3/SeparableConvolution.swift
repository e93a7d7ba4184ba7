import HeirloomLayers
import HeirloomTensors

/// A convolution of each channel (or small group) for itself, then one over the channels, then ReLU; kernels reach along
/// frequency, and into the past where they have more than one row.
///
/// - Shape: `[N, C, T, F]` → `[N, O, T', F']`; T' is smaller by the rows of the kernel beyond the first.
final class SeparableConvolution: Module, UnaryLayer {
    let depthwise: any UnaryLayer
    let pointwise: Conv2d

    /// Creates the layer.
    /// - Parameters:
    ///   - kernel: In frames and bins.
    ///   - step: In bins; with `widening`, how many bins come out for one.
    init(
        _ channels: Int, to outputs: Int, kernel: [Int] = [1, 3], step: Int = 1, widening: Bool = false, groups: Int,
        using generator: Generator?
    ) {
        if widening {
            depthwise = ConvTransposed2d(
                inputChannels: channels, outputChannels: outputs, kernel: kernel, stride: [1, step],
                padding: [0, kernel[1] / 2], outputPadding: [0, step - 1], groups: groups, bias: false, using: generator
            )
        } else {
            depthwise = Conv2d(
                inputChannels: channels, outputChannels: outputs, kernel: kernel, stride: [1, step],
                padding: .zeros(vertical: 0, horizontal: kernel[1] / 2), groups: groups, bias: false, using: generator)
        }
        pointwise = Conv2d(inputChannels: outputs, outputChannels: outputs, kernel: 1, using: generator)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { pointwise(depthwise(x)).relu() }
}
