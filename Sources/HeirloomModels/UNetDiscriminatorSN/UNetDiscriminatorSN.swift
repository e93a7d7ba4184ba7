public import HeirloomLayers
public import HeirloomTensors

/// The critic of Real-ESRGAN: a U-Net that says of every pixel how real it looks (see this folder's README).
///
/// In training every forward pass improves the spectral norms' estimates, also the pass inside the generator's step.
/// - Shape: `[N, 3, H, W]` → logits `[N, 1, H, W]`, H and W multiples of 8.
/// - Range: RGB 0...1; logits are unbounded.
public final class UNetDiscriminatorSN: Module, UnaryLayer, BuildableModel {
    /// What was built.
    public let configuration: UNetDiscriminatorSNConfiguration
    let first: Conv2d
    let down: [SpectralConv2d]
    let up: [SpectralConv2d]
    let refine: [SpectralConv2d]
    let last: Conv2d

    private static let slope = 0.2

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: UNetDiscriminatorSNConfiguration = .init(), using generator: Generator?) {
        self.configuration = configuration
        let features = configuration.features
        func spectral(_ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 1) -> SpectralConv2d {
            SpectralConv2d(
                inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, padding: 1, bias: false,
                using: generator)
        }
        first = Conv2d(
            inputChannels: 3, outputChannels: features, kernel: 3, padding: .zeros(1), using: generator)
        down = (0..<3).map { spectral(features << $0, features << ($0 + 1), kernel: 4, stride: 2) }
        up = (0..<3).map { spectral(features << (3 - $0), features << (2 - $0)) }
        refine = (0..<2).map { _ in spectral(features, features) }
        last = Conv2d(inputChannels: features, outputChannels: 1, kernel: 3, padding: .zeros(1), using: generator)
    }

    /// The network's name in files.
    public var architecture: String { "unet-discriminator-sn" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "critic", inputChannels: 3, outputChannels: 1, sizeMultiple: 8)
    }

    /// One logit for every pixel.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[1] == 3 && shape[2] % 8 == 0 && shape[3] % 8 == 0,
            "UNetDiscriminatorSN of \(x.summary): expected [N, 3, H, W] with multiples of 8")
        var levels = [first(x).leakyRelu(slope: Self.slope)]  // [N, f, H, W]
        for conv in down { levels.append(conv(levels[levels.count - 1]).leakyRelu(slope: Self.slope)) }
        var y = levels.removeLast()  // [N, 8·f, H/8, W/8]
        for conv in up {
            let level = levels.removeLast()
            let (height, width) = (level.shape[2], level.shape[3])
            y = conv(y.resized(height: height, width: width)).leakyRelu(slope: Self.slope) + level
        }
        for conv in refine { y = conv(y).leakyRelu(slope: Self.slope) }
        return last(y)  // [N, 1, H, W]
    }
}
