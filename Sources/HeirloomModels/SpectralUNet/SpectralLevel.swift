import HeirloomLayers
import HeirloomTensors

/// One level of a spectral U-Net: a convolution to its size and channels, and residual blocks.
final class SpectralLevel: Module, UnaryLayer {
    let entry: Conv2d?
    let blocks: [SpectralBlock]

    /// - Parameters:
    ///   - inputs: Channels that come in; nil when they are the level's own already.
    ///   - stride: Steps in frequency and time; nil for a level on the way up, which only mixes channels.
    init(inputs: Int?, channels: Int, stride: [Int]?, blocks: Int, using generator: Generator?) {
        entry = inputs.map { inputs in
            guard let stride else {
                return Conv2d(inputChannels: inputs, outputChannels: channels, kernel: 1, using: generator)
            }
            return Conv2d(
                inputChannels: inputs, outputChannels: channels, kernel: [3, 3], stride: stride, padding: .zeros(1),
                using: generator)
        }
        self.blocks = (0..<blocks).map {
            SpectralBlock(channels: channels, dilation: 1 + ($0 + blocks - 1) % 2, using: generator)
        }
    }

    func callAsFunction(_ x: Tensor) -> Tensor { blocks.reduce(entry?(x) ?? x) { $1($0) } }
}
