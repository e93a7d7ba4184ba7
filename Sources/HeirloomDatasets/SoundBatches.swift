import HeirloomTensors

/// Crops of clean speech, each with a crop of noise to be put over it.
///
/// A crop of speech comes from one talker: a piece of a long clip, or short clips one after another with pauses. A crop of
/// noise is recorded noise, or babble: several talkers at once. A loader thread prepares the batches that follow the one
/// asked for; every batch is a function of seed, epoch and position alone.
public final class SoundBatches: BatchSource {
    /// How crops are drawn.
    public struct Options: Sendable {
        /// Samples per second; only clips of this rate are used.
        public var sampleRate: Int
        /// Samples in a crop.
        public var length: Int
        /// Crops in a batch.
        public var batchSize: Int
        /// Pauses between words in seconds, and the part of them that is longer, up to a second.
        public var pauses: ClosedRange<Double>, longPauseShare: Double
        /// Part of the crops whose talker is made faster or slower, with the pitch, by up to this many semitones.
        public var speedShare: Double, semitones: Double
        /// Part of the crops whose noise is babble, and by how many talkers.
        public var babbleShare: Double, talkers: ClosedRange<Int>
        /// Batches in an epoch; nil: as many as the speech has crops.
        public var batchesPerEpoch: Int?
        /// Batches prepared ahead.
        public var lookAhead: Int

        /// Sets the options.
        /// - Precondition: numbers are positive, shares 0...1.
        public init(
            sampleRate: Int = 16_000, length: Int = 32_000, batchSize: Int, pauses: ClosedRange<Double> = 0.08...0.3,
            longPauseShare: Double = 0.1, speedShare: Double = 0.5, semitones: Double = 2, babbleShare: Double = 0.3,
            talkers: ClosedRange<Int> = 3...8, batchesPerEpoch: Int? = nil, lookAhead: Int = 2
        ) {
            precondition(sampleRate > 0 && length > 0 && batchSize > 0 && lookAhead > 0 && talkers.lowerBound > 0)
            precondition(pauses.lowerBound >= 0 && batchesPerEpoch ?? 1 > 0)
            precondition([longPauseShare, speedShare, babbleShare].allSatisfy((0...1).contains), "shares are 0...1")
            self.sampleRate = sampleRate
            self.length = length
            self.batchSize = batchSize
            self.pauses = pauses
            self.longPauseShare = longPauseShare
            self.speedShare = speedShare
            self.semitones = semitones
            self.babbleShare = babbleShare
            self.talkers = talkers
            self.batchesPerEpoch = batchesPerEpoch
            self.lookAhead = lookAhead
        }
    }

    /// The options.
    public let options: Options
    /// Number of batches in an epoch.
    public let batchesPerEpoch: Int
    /// Names of the classes of noise that a batch's second label counts: the noise store's families, then `babble`.
    public let noiseFamilies: [String]
    /// Names of the talkers that a batch's first label counts.
    public let talkerFamilies: [String]
    private let loader: LookAhead<PreparedSound>

    /// Batches of a store of speech and a store of noise.
    /// - Parameters:
    ///   - speechClips: The clips of speech to draw from; nil for all. The same for noise.
    /// - Throws: ``DatasetError`` when a store has no clip at the rate.
    public init(
        speech: SoundStore, noise: SoundStore, options: Options, seed: UInt64, speechClips: [Int]? = nil,
        noiseClips: [Int]? = nil
    ) throws {
        self.options = options
        let maker = SoundMaker(
            speech: try SoundPool(speech, sampleRate: options.sampleRate, clips: speechClips),
            noise: try SoundPool(noise, sampleRate: options.sampleRate, clips: noiseClips), options: options,
            seed: seed)
        let crops = maker.speech.sampleCount / options.length
        batchesPerEpoch = options.batchesPerEpoch ?? max(1, crops / options.batchSize)
        noiseFamilies = noise.metadata.families + ["babble"]
        talkerFamilies = speech.metadata.families
        loader = LookAhead(options.lookAhead, size: { $0.samples.count * 4 }, make: maker.make)
    }

    /// One batch.
    /// - Returns: input Float32 `[N, 2, length]`, ±1: speech and noise, both near −20 dB where they are loud; target int64
    ///   `[N, 2]`: the talker's family and the class of the noise; indices: the first clip of each crop of speech.
    public func batch(epoch: Int, position: Int) throws -> Batch {
        precondition((0..<batchesPerEpoch).contains(position), "batch \(position) of \(batchesPerEpoch)")
        let prepared = try loader.item(epoch * batchesPerEpoch + position)
        return Batch(
            input: Tensor(prepared.samples, shape: [options.batchSize, 2, options.length]),
            target: Tensor(prepared.labels, shape: [options.batchSize, 2]), indices: prepared.indices)
    }
}
