import HeirloomLayers
import HeirloomTensors

/// A residual block: two 3×3 convolutions, or 1×1, 3×3, 1×1 with a quarter of the channels inside; the sum is rectified.
final class ResNetBlock: Module, UnaryLayer {
    let conv1: ConvNorm2d
    let conv2: ConvNorm2d
    /// Of a bottleneck only.
    let conv3: ConvNorm2d?
    /// Where size or channels change.
    let shortcut: ConvNorm2d?

    init(inputs: Int, outputs: Int, stride: Int, bottleneck: Bool, using generator: Generator?) {
        func layer(_ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, _ activation: Activation) -> ConvNorm2d
        {
            ConvNorm2d(
                Conv2d(
                    inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride,
                    padding: .zeros(kernel / 2), bias: false, initializer: .kaimingNormal, using: generator),
                BatchNorm2d(channels: outputs), activation)
        }
        if bottleneck {
            let inner = outputs / 4
            conv1 = layer(inputs, inner, kernel: 1, .relu)
            // The step is taken by the 3×3 convolution, as torchvision has it.
            conv2 = layer(inner, inner, kernel: 3, stride: stride, .relu)
            conv3 = layer(inner, outputs, kernel: 1, .none)
        } else {
            conv1 = layer(inputs, outputs, kernel: 3, stride: stride, .relu)
            conv2 = layer(outputs, outputs, kernel: 3, .none)
            conv3 = nil
        }
        shortcut =
            stride == 1 && inputs == outputs ? nil : layer(inputs, outputs, kernel: 1, stride: stride, .none)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let y = conv2(conv1(x))
        return ((conv3?(y) ?? y) + (shortcut?(x) ?? x)).relu()
    }
}
