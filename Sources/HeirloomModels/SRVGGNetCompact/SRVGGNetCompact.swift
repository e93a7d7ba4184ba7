public import HeirloomLayers
public import HeirloomTensors

/// The small network of Real-ESRGAN for films: plain convolutions at the input's size, then one pixel shuffle (see this
/// folder's README).
///
/// - Shape: `[N, 3, H, W]` → `[N, 3, scale · H, scale · W]`, any H and W.
/// - Range: RGB 0...1; the output overshoots a little and is not clamped.
public final class SRVGGNetCompact: Module, UnaryLayer, ImageRestorer {
    /// What was built.
    public let configuration: SRVGGNetCompactConfiguration
    /// Convolutions at even places, their activations at odd ones; the last convolution has none.
    let body: [any UnaryLayer]

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: SRVGGNetCompactConfiguration = .init(), using generator: Generator?) {
        self.configuration = configuration
        let features = configuration.features
        var layers: [any UnaryLayer] = []
        for index in 0...configuration.convolutions {
            layers.append(
                Conv2d(
                    inputChannels: index == 0 ? 3 : features, outputChannels: features, kernel: 3, padding: .zeros(1),
                    using: generator))
            layers.append(PReLU(channels: features))
        }
        layers.append(
            Conv2d(
                inputChannels: features, outputChannels: 3 * configuration.upscale * configuration.upscale, kernel: 3,
                padding: .zeros(1), using: generator))
        body = layers
    }

    /// The network's name in files.
    public var architecture: String { "srvgg-compact" }

    /// How far an output pixel sees, in pixels of the input: a context of as many makes tiles exact.
    ///
    /// Each convolution reaches one further; resampling the output reaches into one more.
    public var radius: Int { configuration.convolutions + 2 + (configuration.outputScale == nil ? 0 : 1) }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(
            task: "upscale", inputChannels: 3, outputChannels: 3, scale: configuration.scale,
            tiling: .overlapping(context: radius, blend: 0), workingBytes: (1_700, 800))
    }

    /// The enlarged pictures.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[1] == 3, "SRVGGNetCompact of \(x.summary): expected [N, 3, H, W]")
        let y = body.reduce(isChannelsLast ? x.contiguous(.channelsLast) : x) { $1($0) }
        let (height, width) = (shape[2], shape[3])
        let upscale = configuration.upscale
        let enlarged =
            y.pixelShuffled(upscale)
            + x.resized(height: upscale * height, width: upscale * width, mode: .nearest)
        return configuration.resampled(enlarged)  // [N, 3, scale·H, scale·W]
    }

    private var isChannelsLast: Bool { (body.first as? Conv2d)?.weight.isContiguous(.channelsLast) ?? false }
}

extension SRVGGNetCompactConfiguration {
    /// The network's own output at the size that is asked for: `[N, 3, upscale·H, upscale·W]` → `[N, 3, scale·H, scale·W]`.
    ///
    /// Cubic convolution with a = −0.75, not widened, as the films' ×2 and ×3 are made from ×4.
    func resampled(_ enlarged: Tensor) -> Tensor {
        guard scale != upscale else { return enlarged }
        let (height, width) = (enlarged.shape[2] / upscale * scale, enlarged.shape[3] / upscale * scale)
        return enlarged.to(dtype: .float32).resized(height: height, width: width, mode: .bicubic)
            .to(dtype: enlarged.dtype)
    }
}
