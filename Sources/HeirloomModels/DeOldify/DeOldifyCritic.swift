public import HeirloomLayers
public import HeirloomTensors

/// The critic that DeOldify's generators were trained against: it says of overlapping patches how real they look.
///
/// - Shape: `[N, 3, H, W]` → logits `[N, M]`, `M = (⌊H / 16⌋ − 3) · (⌊W / 16⌋ − 3)`; H and W at least 64.
/// - Range: RGB normalised with ImageNet's mean and deviation; logits are unbounded.
public final class DeOldifyCritic: Module, UnaryLayer, BuildableModel {
    /// What was built.
    public let configuration: DeOldifyCriticConfiguration
    let convolutions: [SpectralConv2d]
    let attention: SpectralSelfAttention2d
    /// What dropout draws from; it must live on the device of the inputs. Nil makes one at the first use, which a resumed
    /// run cannot know of: give one for every step where that matters.
    public var randomness: Generator?

    private static let slope = 0.2
    /// The convolution that attention follows.
    private static let attended = 2

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: DeOldifyCriticConfiguration = .init(), using generator: Generator?) {
        self.configuration = configuration
        let f = configuration.features
        func down(_ inputs: Int, _ outputs: Int) -> SpectralConv2d {
            SpectralConv2d(
                inputChannels: inputs, outputChannels: outputs, kernel: 4, stride: 2, padding: 1,
                initializer: .kaimingNormal, using: generator)
        }
        func same(_ channels: Int) -> SpectralConv2d {
            SpectralConv2d(
                inputChannels: channels, outputChannels: channels, kernel: 3, padding: 1, initializer: .kaimingNormal,
                using: generator)
        }
        convolutions = [
            down(3, f), same(f), down(f, 2 * f), same(2 * f), down(2 * f, 4 * f), same(4 * f), down(4 * f, 8 * f),
            same(8 * f),
            SpectralConv2d(
                inputChannels: 8 * f, outputChannels: 1, kernel: 4, bias: false, initializer: .kaimingNormal,
                using: generator),
        ]
        attention = SpectralSelfAttention2d(channels: 2 * f, using: generator)
    }

    /// The network's name in files.
    public var architecture: String { "deoldify-critic" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "critic", inputChannels: 3, outputChannels: 1)
    }

    /// One logit for every patch.
    public func callAsFunction(_ x: Tensor) -> Tensor { traced(x) { _, _ in } }

    /// The same, showing what every layer gives under its published name.
    func traced(_ x: Tensor, _ trace: (String, Tensor) -> Void) -> Tensor {
        let shape = x.shape
        precondition(
            shape.count == 4 && shape[1] == 3 && shape[2] >= 64 && shape[3] >= 64,
            "DeOldifyCritic of \(x.summary): expected [N, 3, H, W] with sides of at least 64")
        var y = x
        var place = 0
        func step(_ next: Tensor) {
            y = next
            trace("\(place)", y)
            place += 1
        }
        for (index, conv) in convolutions.dropLast().enumerated() {
            let activated = conv(y).leakyRelu(slope: Self.slope)
            step(index == Self.attended ? attention(activated) : activated)
            // After the last size of each level, but for the deepest.
            if [0, 1, 3, 5].contains(index) {
                step(dropped(y, configuration.dropout * (index == 0 ? 0.5 : 1)))
            }
        }
        step(convolutions[convolutions.count - 1](y))  // [N, 1, H', W']
        step(y.flattened(from: 1))  // [N, M]
        return y
    }

    /// Whole channels zeroed at random in training, the others scaled up.
    private func dropped(_ x: Tensor, _ probability: Double) -> Tensor {
        guard isTraining, probability > 0 else { return x }
        let source = randomness ?? Generator(seed: 0, device: x.device)
        randomness = source
        let kept = Tensor.bernoulli(
            [x.shape[0], x.shape[1], 1, 1], probability: 1 - probability, dtype: x.dtype, using: source)
        return x * (kept * (1 / (1 - probability)))
    }
}
