public import HeirloomModels
import HeirloomSignals
public import HeirloomTensors

/// What a network takes for speech, as masks for an array of microphones.
///
/// It cleans channels one by one; the mask of each is the share of the cleaned sound in every bin.
public final class SpeechMask {
    private let network: any AudioEnhancer
    private let sampleRate: Int
    private let channels: [Int]?
    /// Why the masks that were made are not the network's; nil while all went well.
    public private(set) var failure: (any Error)?

    /// Prepares for an array.
    /// - Parameters:
    ///   - sampleRate: Of the microphones, in Hz.
    ///   - channels: Which microphones are listened to, where not to all: each takes the network's time.
    public init(_ network: any AudioEnhancer, sampleRate: Int, channels: [Int]? = nil) {
        self.network = network
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// The masks of the spectra that a ``HeirloomSignals/SpatialChain`` works with.
    /// - Shape: complex `[D, F, T]` → `[K, F, T]`, K the number of microphones that are listened to.
    /// - Range: 0...1; one half everywhere where ``failure`` says why.
    public func callAsFunction(_ spectra: Tensor) -> Tensor {
        let shape = spectra.shape
        let transform = SpatialChain.transform(sampleRate: sampleRate)
        // The longest sound that has so many frames.
        let length = (shape[2] + 1) * transform.hop - transform.length
        let masks = (channels ?? Array(0..<shape[0])).map { channel -> Tensor in
            let own = spectra.sliced(axis: 0, from: channel, to: channel + 1)
            guard length > 0 else { return Tensor.full([1, shape[1], shape[2]], 0.5) }
            let sound = transform.inverse(own, length: length).to(dtype: .float32)
            do {
                let stream = NetworkStream(network, sampleRate: sampleRate)
                let samples = sound.flattened().contiguous().scalars(as: Float.self)
                let cleaned = try stream.process(samples) + (try stream.finish())
                let speech = transform.forward(Tensor(cleaned, shape: [1, cleaned.count]))
                let (kept, removed) = (speech.power(), (own.to(dtype: speech.dtype) - speech).power())
                return (kept + 1e-20) / (kept + removed + 2e-20)
            } catch {
                failure = error
                return Tensor.full([1, shape[1], shape[2]], 0.5)
            }
        }
        return concatenated(masks, axis: 0)
    }
}
