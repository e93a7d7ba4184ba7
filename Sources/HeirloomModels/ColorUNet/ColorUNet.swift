public import HeirloomLayers
import HeirloomSignals
public import HeirloomTensors

/// Heirloom's colour network: luma in, two chroma channels out (see this folder's README).
///
/// - Shape: `[N, 1, H, W]` → `[N, 2, H, W]`, H and W multiples of 32; ``chroma(of:)`` takes any size.
/// - Range: luma 0...1 (BT.601, full range, of gamma-coded RGB); Cb, Cr in −0.5...0.5, 0 is grey.
public final class ColorUNet: Module, UnaryLayer, BuildableModel {
    /// What was built.
    public let configuration: ColorUNetConfiguration
    /// The pretrained half.
    public let encoder: EfficientNetLite
    let decoder: [ColorDecoderBlock]
    let attention: SelfAttention2d?
    let head: Conv2d

    /// Height and width of the network's input are multiples of this.
    public static let sizeMultiple = 32

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: ColorUNetConfiguration = .init(), using generator: Generator?) {
        self.configuration = configuration
        let encoding = EfficientNetLiteConfiguration(variant: configuration.encoder, classes: nil)
        encoder = EfficientNetLite(encoding, using: generator)
        let taps = encoding.tapChannels
        decoder = (0..<4).map { index in
            ColorDecoderBlock(
                inputs: index == 0 ? taps[4] : configuration.mixed[index - 1], skip: taps[3 - index],
                upsampled: configuration.upsampled[index], outputs: configuration.mixed[index], using: generator)
        }
        attention =
            configuration.attention ? SelfAttention2d(channels: configuration.mixed[0], using: generator) : nil
        head = Conv2d(
            inputChannels: configuration.mixed[3], outputChannels: 8, kernel: 3, padding: .zeros(1),
            initializer: .icnr(.normal(standardDeviation: 0.01), factor: 2), using: generator)
    }

    /// The network's name in files.
    public var architecture: String { "color-unet" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "colorize", inputChannels: 1, outputChannels: 2, sizeMultiple: Self.sizeMultiple)
    }

    /// The chroma of a luma plane whose sides are multiples of 32.
    public func callAsFunction(_ luma: Tensor) -> Tensor {
        let shape = luma.shape
        precondition(
            shape.count == 4 && shape[1] == 1 && shape[2] % Self.sizeMultiple == 0 && shape[3] % Self.sizeMultiple == 0,
            "ColorUNet of \(luma.summary): expected [N, 1, H, W] with multiples of \(Self.sizeMultiple)")
        let x = EfficientNetLite.normalized(luma).expanded([-1, 3, -1, -1])
        let taps = encoder.features(isChannelsLast ? x.contiguous(.channelsLast) : x)
        var y = decoder[0](taps[4], skip: taps[3])  // [N, 192, H/16, W/16]
        if let attention { y = attention(y) }
        for (block, tap) in zip(decoder.dropFirst(), taps[..<3].reversed()) { y = block(y, skip: tap) }
        return head(y).pixelShuffled(2).tanh() * 0.5  // [N, 2, H, W]
    }

    /// The chroma of a luma plane of any size: mirrored to multiples of 32 at the right and bottom, cut afterwards.
    public func chroma(of luma: Tensor) -> Tensor {
        let (height, width) = (luma.shape[2], luma.shape[3])
        let chroma = self(luma.paddedByReflection(toMultipleOf: Self.sizeMultiple))
        return chroma.sliced(axis: 2, from: 0, to: height).sliced(axis: 3, from: 0, to: width)
    }

    /// Early encoder (to stride 8), late encoder, decoder: for freezing and for rates of their own.
    public var namedGroups: [ModuleGroup] {
        let (early, late) = encoder.split(afterTap: 2)
        var rest = decoder.enumerated().map { (name: "decoder.\($0.offset)", module: $0.element as Module) }
        if let attention { rest.append(("attention", attention)) }
        rest.append(("head", head))
        return [
            ModuleGroup(name: "encoder-early", modules: early.map { ("encoder.\($0.name)", $0.module) }),
            ModuleGroup(name: "encoder-late", modules: late.map { ("encoder.\($0.name)", $0.module) }),
            ModuleGroup(name: "decoder", modules: rest),
        ]
    }

    /// A frozen copy for inference with folded normalisations.
    /// - Parameters:
    ///   - dtype: Type of the weights; inputs must be given in it.
    ///   - format: `channelsLast` is the fastest on CPUs with vector units and on GPUs.
    public func preparedForInference(
        device: Device = .cpu, dtype: DType = .float32, format: MemoryFormat = .channelsLast
    ) -> ColorUNet {
        frozenCopy(device: device, dtype: dtype, format: format) { $0.foldBatchNorms() }
    }

    private var isChannelsLast: Bool { head.weight.isContiguous(.channelsLast) }
}
