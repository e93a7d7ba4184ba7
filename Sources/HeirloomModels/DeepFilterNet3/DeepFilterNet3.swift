public import HeirloomLayers
public import HeirloomTensors

/// A published network that cleans speech at 48 kHz: gains for the bands of hearing over the whole spectrum, and filters
/// along time for the bins below 4.8 kHz (see this folder's README).
///
/// It looks two frames of 10 ms ahead. The network itself is causal, so it goes through a whole recording at once.
public final class DeepFilterNet3: Module, AudioEnhancer {
    /// Bands of hearing.
    static let bands = 32
    /// Bins of 50 Hz, from 0, that are filtered along time.
    static let filteredBins = 96
    /// Frames that a filter sees: two before, the frame itself, two after.
    static let order = 5
    /// Frames that the network sees of the future.
    static let lookahead = 2
    /// Samples of the analysis window; frames are half of it apart.
    static let window = 960

    /// What was built.
    public let configuration: DeepFilterNet3Configuration
    let encoder: DeepFilterNet3Encoder
    let bandDecoder: DeepFilterNet3BandDecoder
    let filterDecoder: DeepFilterNet3FilterDecoder

    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    public init(_ configuration: DeepFilterNet3Configuration = .init(), using generator: Generator?) {
        self.configuration = configuration
        encoder = DeepFilterNet3Encoder(configuration, using: generator)
        bandDecoder = DeepFilterNet3BandDecoder(configuration, using: generator)
        filterDecoder = DeepFilterNet3FilterDecoder(configuration, using: generator)
    }

    /// The network's name in files.
    public var architecture: String { "deepfilternet3" }
    /// 48 kHz.
    public var sampleRate: Int { 48_000 }
    /// A usual level of speech: the running means begin near what it gives, and forget where they began within seconds.
    public var inputLevel: Double? { 0.25 }

    /// What a caller has to know to run it.
    public var description: ModelDescription {
        ModelDescription(task: "clean", inputChannels: 1, outputChannels: 1, dtypes: [.float32])
    }

    /// Groups of the convolution from the encoder's channels to the filter's numbers.
    static func pathwayGroups(_ channels: Int) -> Int {
        (1...2 * order).last { channels % $0 == 0 && 2 * order % $0 == 0 } ?? 1
    }

    /// What the network makes of the features of frames.
    struct Prediction {
        /// Of the bands: `[N, T, 32]`, 0...1.
        let gains: Tensor
        /// Of the bins: complex `[N, T, 96, 5]`, the oldest frame's first.
        let coefficients: Tensor
        /// How much louder speech is than the rest: `[N, T]`, in dB.
        let signalToNoise: Tensor
    }

    /// Runs the network; frame t of what comes out knows of frames up to t of what goes in.
    /// - Parameter piece: Frames that the convolutions take at a time; makes no difference to what comes out.
    /// - Shape: bands `[N, T, 32]`, bins complex `[N, T, 96]`.
    func predicted(bands: Tensor, bins: Tensor, piece: Int = 256) -> Prediction {
        let count = bands.shape[1]
        let (bands, bins) = (bands.unsqueezed(1), bins.viewedAsReal().transposed([0, 3, 1, 2]).contiguous())
        let pieces = stride(from: 0, to: count, by: piece).map { $0..<min($0 + piece, count) }
        let features = pieces.map {
            encoder.convolved(bands: bands, bins: bins, frames: $0, pathway: filterDecoder.pathway)
        }
        let embedding = encoder.recurrent(concatenated(features.map(\.embedding), axis: 1))  // [N, T, E]
        let opened = bandDecoder.recurrent(embedding)
        let gains = zip(pieces, features).map { frames, features in
            bandDecoder.gains(
                opened.sliced(axis: 1, from: frames.lowerBound, to: frames.upperBound), features.bands)
        }
        return Prediction(
            gains: concatenated(gains, axis: 1),
            coefficients: filterDecoder.coefficients(
                embedding, pathway: concatenated(features.map(\.pathway), axis: 1)),
            signalToNoise: encoder.signalToNoise(embedding).squeezed(2).sigmoid() * 50 - 15)
    }
}
