public import HeirloomLayers
public import HeirloomTensors

/// The network of ESRGAN and Real-ESRGAN: a trunk of densely connected residual blocks, then two doublings of the size
/// (see this folder's README).
///
/// - Shape: `[N, 3, H, W]` → `[N, 3, scale · H, scale · W]`, H and W multiples of 4 / scale.
/// - Range: RGB 0...1; the output reaches from about −0.3 to 1.3 and is not clamped.
public final class RRDBNet: Module, UnaryLayer, ImageRestorer {
    /// What was built.
    public let configuration: RRDBNetConfiguration
    let first: Conv2d
    let body: [ResidualInResidualBlock]
    let trunk: Conv2d
    let upsample1: Conv2d
    let upsample2: Conv2d
    let refine: Conv2d
    let last: Conv2d

    static let slope = 0.2
    static let residualScale = 0.2

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: RRDBNetConfiguration = .init(), using generator: Generator?) {
        self.configuration = configuration
        func conv(_ inputs: Int, _ outputs: Int) -> Conv2d {
            Conv2d(inputChannels: inputs, outputChannels: outputs, kernel: 3, padding: .zeros(1), using: generator)
        }
        let features = configuration.features
        first = conv(3 * configuration.fold * configuration.fold, features)
        body = (0..<configuration.blocks).map { _ in ResidualInResidualBlock(configuration, using: generator) }
        trunk = conv(features, features)
        upsample1 = conv(features, features)
        upsample2 = conv(features, features)
        refine = conv(features, features)
        last = conv(features, 3)
    }

    /// The network's name in files.
    public var architecture: String { "rrdbnet" }

    /// What a caller has to know to run it: 32 pixels of context and 16 of blending reach 50 dB against an untiled run.
    public var description: ModelDescription {
        let area = configuration.fold * configuration.fold
        return ModelDescription(
            task: "upscale", inputChannels: 3, outputChannels: 3, scale: configuration.scale,
            sizeMultiple: configuration.fold,
            tiling: .overlapping(context: 32 * configuration.fold, blend: 16 * configuration.fold),
            workingBytes: (16_400 / area, 8_000 / area))
    }

    /// The enlarged pictures.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let fold = configuration.fold
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[1] == 3 && shape[2] % fold == 0 && shape[3] % fold == 0,
            "RRDBNet ×\(configuration.scale) of \(x.summary): expected [N, 3, H, W] with multiples of \(fold)")
        let folded = fold == 1 ? x : x.pixelUnshuffled(fold)  // [N, 3·fold², h, w]
        var y = first(isChannelsLast ? folded.contiguous(.channelsLast) : folded)  // [N, features, h, w]
        y = y + trunk(body.reduce(y) { $1($0) })
        for conv in [upsample1, upsample2] {
            let (height, width) = (y.shape[2], y.shape[3])
            y = conv(y.resized(height: 2 * height, width: 2 * width, mode: .nearest)).leakyRelu(slope: Self.slope)
        }
        return last(refine(y).leakyRelu(slope: Self.slope))  // [N, 3, 4·h, 4·w]
    }

    private var isChannelsLast: Bool { trunk.weight.isContiguous(.channelsLast) }
}
