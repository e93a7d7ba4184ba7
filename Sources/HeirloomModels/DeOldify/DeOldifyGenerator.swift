public import HeirloomLayers
public import HeirloomTensors

/// DeOldify's colour network: a grey picture in, the same picture in colour out (see this folder's README).
///
/// - Shape: `[N, 3, H, W]` → the same, H and W even; multiples of 16 are what it was made for.
/// - Range: RGB normalised with ImageNet's mean and deviation (``normalized(_:)``); the output lies in −3...3.
public final class DeOldifyGenerator: Module, UnaryLayer, BuildableModel {
    /// What was built.
    public let configuration: DeOldifyConfiguration
    let encoder: ResNetEncoder
    let norm: BatchNorm2d
    let middle: [DeOldifyUnit]
    let blocks: [DeOldifyBlock]
    let upsample: DeOldifyShuffle
    private(set) var residual: [any UnaryLayer]
    private(set) var head: any UnaryLayer

    /// Sides of the input are multiples of this.
    public static let sizeMultiple = 16

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: DeOldifyConfiguration, using generator: Generator?) {
        self.configuration = configuration
        encoder = ResNetEncoder(configuration, using: generator)
        let deepest = configuration.stageChannels[3]
        norm = BatchNorm2d(channels: deepest)
        norm.bias = .full([deepest], 1e-3)
        middle = [
            DeOldifyUnit(inputs: deepest, outputs: 2 * deepest, using: generator),
            DeOldifyUnit(inputs: 2 * deepest, outputs: deepest, using: generator),
        ]
        blocks = (0..<4).map { index in
            DeOldifyBlock(
                inputs: index == 0 ? deepest : configuration.mixed[index - 1],
                skip: configuration.tapChannels[3 - index], upsampled: configuration.upsampled[index],
                outputs: configuration.mixed[index], convolutions: configuration.convolutions, attention: index == 1,
                using: generator)
        }
        let last = configuration.mixed[3]
        upsample = DeOldifyShuffle(channels: last, using: generator)
        func spectral(_ outputs: Int, kernel: Int) -> SpectralConv2d {
            SpectralConv2d(
                inputChannels: last + 3, outputChannels: outputs, kernel: kernel, padding: kernel / 2,
                initializer: .kaimingNormal, using: generator)
        }
        residual = [spectral(last + 3, kernel: 3), spectral(last + 3, kernel: 3)]
        head = spectral(3, kernel: 1)
    }

    /// The network's name in files.
    public var architecture: String { "deoldify" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(
            task: "colorize", inputChannels: 3, outputChannels: 3, sizeMultiple: Self.sizeMultiple,
            dtypes: [.float32, .bfloat16])
    }

    /// The picture in colour.
    public func callAsFunction(_ x: Tensor) -> Tensor { traced(x) { _, _ in } }

    /// The same, showing what every layer gives under its published name.
    func traced(_ x: Tensor, _ trace: (String, Tensor) -> Void) -> Tensor {
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[1] == 3 && shape[2] % 2 == 0 && shape[3] % 2 == 0,
            "DeOldifyGenerator of \(x.summary): expected [N, 3, H, W] with even sides")
        func seen(_ name: String, _ y: Tensor) -> Tensor {
            trace(name, y)
            return y
        }
        let (deep, taps) = encoder.features(x)  // [N, C, H / 32, W / 32]
        for (index, tap) in zip([2, 4, 5, 6], taps) { trace("layers.0.\(index) (skip)", tap) }
        trace("layers.0", deep)
        let normed = seen("layers.1", norm(deep))
        var y = seen("layers.3", middle.reduce(seen("layers.2", normed.relu())) { $1($0) })
        for (index, block) in blocks.enumerated() {
            y = seen("layers.\(index + 4)", block(y, skip: taps[3 - index]) { trace("layers.\(index + 4).shuf", $0) })
        }
        y = seen("layers.9", concatenated([seen("layers.8", upsample(y)), x], axis: 1))  // [N, c + 3, H, W]
        let refined = residual.reduce(y) { $1($0).relu() }
        y = seen("layers.11", head(seen("layers.10", refined + y)))  // [N, 3, H, W]
        return seen("layers.12", y.sigmoid() * 6 - 3)
    }

    /// Stem and first two stages, last two stages, everything else: for freezing and for rates of their own.
    public var namedGroups: [ModuleGroup] {
        let stages = encoder.stages.enumerated().map {
            (name: "encoder.stages.\($0.offset)", module: $0.element as Module)
        }
        var rest: [(name: String, module: Module)] = [("norm", norm)]
        rest += middle.enumerated().map { ("middle.\($0.offset)", $0.element) }
        rest += blocks.enumerated().map { ("blocks.\($0.offset)", $0.element) }
        rest.append(("upsample", upsample))
        rest += residual.enumerated().map { ("residual.\($0.offset)", $0.element) }
        rest.append(("head", head))
        return [
            ModuleGroup(name: "encoder-early", modules: [("encoder.stem", encoder.stem)] + stages[..<2]),
            ModuleGroup(name: "encoder-late", modules: Array(stages[2...])),
            ModuleGroup(name: "decoder", modules: rest),
        ]
    }

    /// A frozen copy for inference: every normalisation folded once that can be.
    /// - Parameter dtype: Type of the weights; inputs must be given in it.
    public func preparedForInference(
        device: Device = .cpu, dtype: DType = .float32, format: MemoryFormat = .channelsLast
    ) -> DeOldifyGenerator {
        frozenCopy(device: device, dtype: dtype, format: format) { $0.fold() }
    }

    private func fold() {
        encoder.foldBatchNorms()
        for unit in middle { unit.fold() }
        for block in blocks { block.fold() }
        upsample.fold()
        residual = residual.map(\.plain)
        head = head.plain
    }
}
