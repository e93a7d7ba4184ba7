import HeirloomDatasets
public import HeirloomTensors

/// What speech goes through in rooms with cheap recorders: reflections, noise, microphones, electronics, codecs; for half
/// of the crops several recorders at once and a beamformer behind them.
///
/// Everything is drawn for each crop on its own, so that the damage of a crop is a function of the generator's state and of
/// the crop's place in the batch; the sound is computed on the crops' device.
/// ```swift
/// let scene = SoundDegradation().scene(clean: speech, noise: noise, sampleRate: 16_000, rooms: bank, using: generator)
/// ```
/// After the degrader of image upscalers and the recipes of the DNS challenge (Reddy et al. 2020) and of URGENT (2024).
public struct SoundDegradation: Codable, Sendable, Equatable {
    /// Part of the crops that are left as they are, so that a network learns to leave clean speech alone.
    public var identityShare = 0.1
    /// Part of the others without a room; and part of the rooms that are simple ones even where a bank is given.
    public var dryShare = 0.2, simpleRoomShare = 0.5
    /// Reverberation times in seconds, and those at the begin of a training.
    public var reverberation = 0.1...1.0, easyReverberation = 0.1...0.4
    /// Ratios of direct to late sound of simple rooms in dB.
    public var directToLate = -6.0...12.0
    /// Ratios of active speech to noise in dB, and those at the begin of a training.
    public var signalToNoise = -5.0...30.0, easySignalToNoise = 10.0...30.0
    /// Part of the crops whose noise is computed instead of taken from the noise that is handed in; and part that has pink
    /// noise from everywhere under either.
    public var syntheticShare = 0.4, pinkBedShare = 0.3
    /// Part of the crops that are recorded by several microphones and come out of a beamformer; how many microphones.
    public var arrayShare = 0.5, microphones = 2...4
    /// Part of the recorders with automatic gain, hard and soft clipping, few bits, and wired the wrong way round.
    public var gainControlShare = 0.3, hardClipShare = 0.2, softClipShare = 0.15, fewBitsShare = 0.1,
        invertedShare = 0.3
    /// Part of the recorders with each codec, and with a stretch without sound.
    public var telephoneShare = 0.08, bandsShare = 0.15, suppressionShare = 0.15, muteShare = 0.05
    /// Part of the recorders without an upper limit of their band.
    public var fullBandShare = 0.4
    /// Upper limits of the band in Hz; those above the crop's own band do nothing.
    public var lowPasses: [Double] = [3400, 4000, 5500, 7000, 8000, 10_000, 12_000, 16_000]
    /// Highest peak of a recording in dB of full scale, and the lowest.
    public var peaks = -20.0 ... -0.5

    /// The recipe of the specification.
    public init() {}

    /// Draws what happens to each crop.
    ///
    /// - Parameters:
    ///   - count: number of crops.
    ///   - rooms: number of rooms in the bank, 0 for none.
    ///   - progress: place in the training, 0...1: in its first fifth noise and rooms grow from easy to all of the range.
    ///   - key: crops with the same key and place are damaged alike.
    public func damages(
        _ count: Int, duration: Double, sampleRate: Int, rooms: RoomBank?, progress: Double = 1, key: UInt64
    ) -> [SoundDamage] {
        (0..<count).map { place in
            var random = RandomSequence(key, 0xDA_3A, UInt64(place))
            return damage(duration: duration, sampleRate: sampleRate, rooms: rooms, progress: progress, &random)
        }
    }

    /// Records clean speech badly.
    ///
    /// - Parameters:
    ///   - clean: Float32 `[N, L]`, ±1.
    ///   - noise: Float32 `[N, L]`: something to disturb it with, at any level.
    ///   - sampleRate: of both, in Hz.
    ///   - rooms: Simulated rooms for this rate; nil: only simple ones.
    ///   - progress: place in the training, 0...1, see ``damages(_:duration:sampleRate:rooms:progress:key:)``.
    ///   - generator: on the crops' device; the call waits for it once.
    /// - Returns: the recordings and what a network should make of them, without gradients.
    /// - Precondition: both are of one shape, at least 0.1 s long.
    public func scene(
        clean: Tensor, noise: Tensor, sampleRate: Int, rooms: RoomBank? = nil, progress: Double = 1,
        using generator: Generator
    ) -> SoundScene {
        precondition(
            clean.rank == 2 && clean.shape == noise.shape, "speech \(clean.summary) and noise \(noise.summary)")
        var random = RandomSequence(drawnFrom: generator)
        let damages = damages(
            clean.shape[0], duration: Double(clean.shape[1]) / Double(sampleRate), sampleRate: sampleRate,
            rooms: rooms, progress: progress, key: random.next())
        return withoutGradients {
            SceneMaker(sampleRate: sampleRate, rooms: rooms, damages: damages, generator: generator)
                .scene(clean: clean, noise: noise)
        }
    }
}
