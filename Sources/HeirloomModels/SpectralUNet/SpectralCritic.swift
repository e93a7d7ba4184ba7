public import HeirloomLayers
import HeirloomSignals
public import HeirloomTensors

/// Tells cleaned speech from clean speech: a small convolutional network for each of several resolutions of the spectrum
/// (the multi-scale STFT critic of Défossez et al. 2022), which also sees how loud each bin of the recording was.
///
/// - Shape: sounds and recordings at 16 kHz `[N, L]` → one map of opinions for each resolution; above 0 is real.
public final class SpectralCritic: Module, BuildableModel {
    /// The sizes of a critic.
    public struct Configuration: Codable, Hashable, Sendable {
        /// Samples in the frames of each resolution; hops are a quarter.
        public var frames: [Int]
        /// Channels of every layer.
        public var channels: Int

        /// Describes a critic.
        /// - Precondition: Frames are multiples of 32 samples, up to 4096; there are 1 to 256 channels.
        public init(frames: [Int] = [512, 1024, 2048], channels: Int = 16) {
            self.frames = frames
            self.channels = channels
            if let fault { preconditionFailure(fault) }
        }

        /// Reads a configuration and refuses sizes that make no critic.
        public init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            frames = try values.decode([Int].self, forKey: .frames)
            channels = try values.decode(Int.self, forKey: .channels)
            if let fault {
                throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: fault))
            }
        }

        private var fault: String? {
            let isSensible = !frames.isEmpty && frames.allSatisfy { $0 % 32 == 0 && (32...4096).contains($0) }
            return isSensible && (1...256).contains(channels)
                ? nil : "a critic with frames of \(frames) samples and \(channels) channels"
        }
    }

    /// What a critic makes of sounds.
    public struct Opinion {
        /// For each resolution: above 0 where it takes a place for real, `[N, 1, T, F]`.
        public let logits: [Tensor]
        /// What its layers saw, for matching features.
        public let features: [Tensor]
    }

    /// What was built.
    public let configuration: Configuration
    let scales: [SpectralCriticScale]

    /// Builds the critic.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: Configuration = Configuration(), using generator: Generator?) {
        self.configuration = configuration
        scales = configuration.frames.map { _ in
            SpectralCriticScale(channels: configuration.channels, using: generator)
        }
    }

    /// The network's name in files.
    public var architecture: String { "spectral-critic" }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "critic", inputChannels: 2, outputChannels: 1, dtypes: [.float32])
    }

    /// Judges sounds.
    /// - Parameters:
    ///   - sound: `[N, L]` at 16 kHz: what is judged.
    ///   - recording: What it was made of, `[N, L]`.
    public func callAsFunction(_ sound: Tensor, recording: Tensor) -> Opinion {
        precondition(
            sound.rank == 2 && sound.shape == recording.shape,
            "SpectralCritic of \(sound.summary) and \(recording.summary): expected [N, L] twice")
        var (logits, features): ([Tensor], [Tensor]) = ([], [])
        for (scale, length) in zip(scales, configuration.frames) {
            let transform = ShortTimeTransform(length: length, hop: length / 4)
            func spectrum(_ x: Tensor) -> Tensor {
                transform.forward(x * (4 / Double(length))).viewedAsReal().transposed([0, 3, 2, 1])  // [N, 2, T, F]
            }
            func loudness(_ x: Tensor) -> Tensor {
                ((SpectralForm.power(of: x) + 1e-10).log() * 0.5 + 5) / 3
            }
            let (own, other) = (spectrum(sound), withoutGradients { spectrum(recording) })
            let input = concatenated([SpectralForm.compressed(own) * 3, loudness(own), loudness(other)], axis: 1)
            let seen = scale(input)
            logits.append(seen.logits)
            features += seen.features
        }
        return Opinion(logits: logits, features: features)
    }
}

/// One resolution: five convolutions that look ever further along time and go down in frequency, and a map of opinions.
final class SpectralCriticScale: Module {
    let layers: [SpectralCriticLayer]
    let output: SpectralCriticLayer

    init(channels: Int, using generator: Generator?) {
        layers = (0..<5).map { place in
            let isMiddle = (1...3).contains(place)
            return SpectralCriticLayer(
                inputs: place == 0 ? 4 : channels, outputs: channels, kernel: place == 4 ? [3, 3] : [3, 9],
                stride: isMiddle ? 2 : 1, dilation: isMiddle ? 1 << (place - 1) : 1, using: generator)
        }
        output = SpectralCriticLayer(
            inputs: channels, outputs: 1, kernel: [3, 3], stride: 1, dilation: 1, using: generator)
    }

    func callAsFunction(_ x: Tensor) -> (logits: Tensor, features: [Tensor]) {
        var (x, features): (Tensor, [Tensor]) = (x, [])
        for layer in layers {
            x = layer(x).leakyRelu(slope: 0.2)
            features.append(x)
        }
        return (output(x), features)
    }
}

/// A convolution over time and frequency whose kernels are directions times learned lengths (Salimans 2016).
final class SpectralCriticLayer: Module, UnaryLayer {
    @Parameter var bias: Tensor
    @Parameter(key: "weight_g") var magnitude: Tensor
    @Parameter(key: "weight_v") var direction: Tensor
    private let stride: Int
    private let dilation: Int

    /// - Parameters:
    ///   - stride: In frequency.
    ///   - dilation: In time.
    init(inputs: Int, outputs: Int, kernel: [Int], stride: Int, dilation: Int, using generator: Generator?) {
        self.stride = stride
        self.dilation = dilation
        bias = .zeros([outputs])
        super.init()
        let first = Initializer.kaimingNormal([outputs, inputs] + kernel, using: generator)
        magnitude = first.norm(axes: [1, 2, 3], keepingDimensions: true)
        direction = first
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let length = direction.norm(axes: [1, 2, 3], keepingDimensions: true)
        let kernel = direction.shape
        return x.conv2d(
            direction * (magnitude / length), bias: bias, stride: (1, stride),
            padding: (dilation * (kernel[2] / 2), kernel[3] / 2), dilation: (dilation, 1))
    }
}
