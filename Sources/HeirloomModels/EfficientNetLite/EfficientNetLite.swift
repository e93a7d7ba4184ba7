public import HeirloomLayers
public import HeirloomTensors

/// EfficientNet-Lite, an ImageNet classifier and the encoder of the other networks (see this folder's README).
///
/// Built for ImageNet weights, whose published names ``publishedKeys`` translates.
/// - Shape: `[N, 3, H, W]`, any size, normalised by ``normalized(_:)`` → taps at strides 2, 4, 8, 16, 32, or logits.
public final class EfficientNetLite: Module, BuildableModel {
    /// What was built.
    public let configuration: EfficientNetLiteConfiguration
    /// The first convolution, stride 2.
    let stem: ConvNorm2d
    /// The inverted residual blocks in order.
    let blocks: [InvertedResidual]
    /// The 1×1 convolution before the classifier.
    let head: ConvNorm2d?
    /// The linear classifier.
    let classifier: Linear?

    /// Drops residual branches at random in training (rates growing to 0.2 with depth) when one is set; off by default.
    public var dropConnect: Generator?

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: EfficientNetLiteConfiguration = .init(), using generator: Generator?) {
        self.configuration = configuration
        let plan = configuration.plan
        stem = .same(
            inputs: 3, outputs: EfficientNetLiteConfiguration.stemChannels, kernel: 3, stride: 2, activation: .relu6,
            using: generator)
        blocks = plan.map { InvertedResidual($0, using: generator) }
        if let classes = configuration.classes, let last = plan.last {
            head = .same(
                inputs: last.outputs, outputs: EfficientNetLiteConfiguration.headChannels, kernel: 1,
                activation: .relu6,
                using: generator)
            classifier = Linear(
                inputs: EfficientNetLiteConfiguration.headChannels, outputs: classes, using: generator)
        } else {
            head = nil
            classifier = nil
        }
    }

    /// The network's name in files.
    public var architecture: String { "efficientnet-lite\(configuration.variant)" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "features", inputChannels: 3, outputChannels: configuration.classes ?? 0)
    }

    /// What the published weights expect: RGB in 0...1 → `(255·x − 127) / 128`.
    public static func normalized(_ rgb: Tensor) -> Tensor { rgb * 1.9921875 - 0.9921875 }

    /// The outputs of the last blocks at strides 2, 4, 8, 16 and 32.
    /// - Parameters:
    ///   - x: A normalised picture `[N, 3, H, W]`.
    ///   - taps: How many of the five; blocks after the last one are not computed.
    public func features(_ x: Tensor, taps: Int = 5) -> [Tensor] {
        precondition((1...5).contains(taps), "EfficientNetLite has 5 taps, not \(taps)")
        let ends = configuration.tapBlocks.prefix(taps)
        var x = stem(x)
        var result: [Tensor] = []
        for (index, block) in blocks.prefix((ends.last ?? 0) + 1).enumerated() {
            x = run(block, index, x)
            if ends.contains(index) { result.append(x) }
        }
        return result
    }

    /// Class scores before softmax. Shape `[N, 3, H, W]` → `[N, classes]`.
    /// - Precondition: The configuration has classes.
    public func logits(_ x: Tensor) -> Tensor {
        guard let head, let classifier else { fatalError("this EfficientNetLite was built without a classifier") }
        var x = stem(x)
        for (index, block) in blocks.enumerated() { x = run(block, index, x) }
        return classifier(head(x).mean(axes: [2, 3]))
    }

    private func run(_ block: InvertedResidual, _ index: Int, _ x: Tensor) -> Tensor {
        guard isTraining, let dropConnect else { return block(x) }
        return block(x, dropping: 0.2 * Double(index) / Double(blocks.count), using: dropConnect)
    }

    /// The subtrees up to the tap of the given number, and those after it, for rates of their own.
    public func split(afterTap tap: Int) -> (
        early: [(name: String, module: Module)], late: [(name: String, module: Module)]
    ) {
        let end = configuration.tapBlocks[tap]
        let named = blocks.enumerated().map { (name: "blocks.\($0.offset)", module: $0.element as Module) }
        let early = [(name: "stem", module: stem as Module)] + named[...end]
        var late = Array(named[(end + 1)...])
        if let head { late.append(("head", head)) }
        if let classifier { late.append(("classifier", classifier)) }
        return (early, late)
    }
}

extension ConvNorm2d {
    /// A convolution as EfficientNet-Lite has them: no bias, SAME padding, batch norm with its constants.
    static func same(
        inputs: Int, outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1, activation: Activation,
        using generator: Generator?
    ) -> ConvNorm2d {
        ConvNorm2d(
            Conv2d(
                inputChannels: inputs, outputChannels: outputs, kernel: kernel, stride: stride, padding: .same,
                groups: groups, bias: false, initializer: .kaimingNormal, using: generator),
            BatchNorm2d(channels: outputs, epsilon: 1e-3, momentum: 0.01), activation)
    }
}
