import HeirloomLayers
import HeirloomTensors

/// The first network of ``MTCNN``: looks at every place of a picture for faces of 12 × 12 pixels.
///
/// - Shape: `[N, 3, H, W]`, 12 × 12 at least → scores `[N, 2, h, w]` and borders `[N, 4, h, w]`, a place every two pixels.
final class FaceProposer: Module {
    let convolutions: [Conv2d]
    let activations: [PReLU]
    let score: Conv2d
    let border: Conv2d

    init(using generator: Generator?) {
        let channels = [3, 10, 16, 32]
        convolutions = zip(channels, channels.dropFirst()).map {
            Conv2d(inputChannels: $0, outputChannels: $1, kernel: 3, using: generator)
        }
        activations = channels.dropFirst().map { PReLU(channels: $0) }
        score = Conv2d(inputChannels: 32, outputChannels: 2, kernel: 1, using: generator)
        border = Conv2d(inputChannels: 32, outputChannels: 4, kernel: 1, using: generator)
    }

    /// Whether there is a face (the second of the two scores, which add up to 1), and how far its borders are away.
    func callAsFunction(_ x: Tensor) -> (scores: Tensor, borders: Tensor) {
        var y = x
        for (index, (convolution, activation)) in zip(convolutions, activations).enumerated() {
            y = activation(convolution(y))
            if index == 0 { y = y.maxPooled(kernel: 2, stride: 2, ceil: true) }
        }
        return (score(y).softmax(axis: 1), border(y))
    }
}
