import HeirloomLayers
import HeirloomTensors

/// Convolutions at one size with ReLU between them, none after the last.
final class VGGBlock: Module, UnaryLayer {
    let convolutions: [Conv2d]

    init(inputs: Int, outputs: Int, convolutions count: Int, using generator: Generator?) {
        convolutions = (0..<count).map { index in
            Conv2d(
                inputChannels: index == 0 ? inputs : outputs, outputChannels: outputs, kernel: 3, padding: .zeros(1),
                using: generator)
        }
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        convolutions.dropFirst().reduce(convolutions[0](x)) { $1($0.relu()) }
    }
}
