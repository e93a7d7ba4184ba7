public import HeirloomLayers
public import HeirloomTensors

/// The convolutions of VGG19, whose inner maps perceptual losses compare (see this folder's README).
///
/// - Shape: `[N, 3, H, W]` → five maps, at H × W, H/2 × W/2, … H/16 × W/16; H and W at least 16.
/// - Range: RGB 0...1; what lies outside is taken as it is.
public final class VGG19: Module {
    let blocks: [VGGBlock]

    /// Convolutions of the five blocks, between which pictures are halved.
    static let convolutions = [2, 2, 4, 4, 4]
    /// Channels of the five blocks.
    static let channels = [64, 128, 256, 512, 512]

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(using generator: Generator?) {
        blocks = zip([3] + Self.channels, zip(Self.channels, Self.convolutions)).map { inputs, block in
            VGGBlock(inputs: inputs, outputs: block.0, convolutions: block.1, using: generator)
        }
    }

    /// The last convolution's output of each block, before its ReLU: conv1_2, conv2_2, conv3_4, conv4_4, conv5_4.
    ///
    /// Colours are normalised as the published weights expect it.
    public func features(_ x: Tensor) -> [Tensor] {
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[1] == 3 && shape[2] >= 16 && shape[3] >= 16 || !x.isDefined,
            "VGG19 of \(x.summary): expected [N, 3, H, W] of at least 16×16")
        var y = normalized(x)
        return blocks.indices.map { index in
            // The maps that are handed out stay untouched: the next block starts from their positive part.
            if index > 0 { y = y.relu().maxPooled(kernel: 2, stride: 2) }
            y = blocks[index](y)
            return y
        }
    }

    private func normalized(_ x: Tensor) -> Tensor {
        let mean = Tensor([0.485, 0.456, 0.406] as [Float], shape: [1, 3, 1, 1], device: x.device)
        let deviation = Tensor([0.229, 0.224, 0.225] as [Float], shape: [1, 3, 1, 1], device: x.device)
        return ((x.to(dtype: .float32) - mean) / deviation).to(dtype: x.dtype)
    }
}
