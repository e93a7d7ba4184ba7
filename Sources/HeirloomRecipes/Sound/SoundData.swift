public import HeirloomDatasets

/// Stores of speech and noise, each divided into clips that train and clips that judge.
public struct SoundData: Sendable {
    /// The stores.
    public let speech: SoundStore, noise: SoundStore
    /// Clips that train.
    public let speechClips: [Int], noiseClips: [Int]
    /// The stores of what is only judged by; those above, or others.
    public let judgedSpeech: SoundStore, judgedNoise: SoundStore
    /// Clips of these that are only judged by.
    public let heldOutSpeech: [Int], heldOutNoise: [Int]

    /// Divides two stores.
    /// - Parameters:
    ///   - validation: Part of the clips of a store that is set aside, chosen at random; nil sets a fifth of few aside and a
    ///     twentieth of many.
    ///   - judgingSpeech: A store of other speech to judge by instead: talkers that the training never hears.
    ///   - judgingNoise: A store of other noise, likewise.
    /// - Throws: `DatasetError` when nothing is left to train on at the recipe's rate.
    public init(
        speech: SoundStore, noise: SoundStore, validation: Double? = nil, judgingSpeech: SoundStore? = nil,
        judgingNoise: SoundStore? = nil, seed: UInt64 = 1
    ) throws {
        precondition((0..<1).contains(validation ?? 0), "a validation part of \(validation ?? 0)")
        self.speech = speech
        self.noise = noise
        (judgedSpeech, judgedNoise) = (judgingSpeech ?? speech, judgingNoise ?? noise)
        func clips(_ store: SoundStore) -> [Int] {
            store.entries.indices.filter { store.entries[$0].sampleRate == SoundRecipe.sampleRate }
        }
        func divided(_ store: SoundStore, _ other: SoundStore?, _ salt: UInt64) -> (training: [Int], heldOut: [Int]) {
            if let other { return (clips(store), clips(other)) }
            let all = clips(store)
            var random = RandomSequence(seed, salt)
            let part = validation ?? (all.count < 400 ? 0.2 : 0.05)
            let held = Set(all.shuffled(using: &random).prefix(Int((Double(all.count) * part).rounded())))
            return (all.filter { !held.contains($0) }, all.filter { held.contains($0) })
        }
        (speechClips, heldOutSpeech) = divided(speech, judgingSpeech, 0x5EEC)
        (noiseClips, heldOutNoise) = divided(noise, judgingNoise, 0x2015E)
        for (store, clips) in [(speech, speechClips), (noise, noiseClips)] where clips.isEmpty {
            throw DatasetError(
                code: .tooSmall, path: store.path,
                reason: "has no clip to train on at \(SoundRecipe.sampleRate) Hz; add recordings")
        }
    }

    /// Opens and divides the stores of two files.
    /// - Throws: `DatasetError` when a file is no store of sound, or when nothing is left to train on.
    public init(speechPath: String, noisePath: String, validation: Double? = nil, seed: UInt64 = 1) throws {
        try self.init(
            speech: SoundStore(contentsOf: speechPath), noise: SoundStore(contentsOf: noisePath),
            validation: validation, seed: seed)
    }

    /// Seconds of speech that trains.
    public var seconds: Double { speechClips.reduce(0) { $0 + speech.entries[$1].duration } }

    /// Batches of crops.
    /// - Parameter judging: Takes the clips that are set aside.
    /// - Throws: `DatasetError` when a store has no clip at the rate.
    public func batches(_ options: SoundBatches.Options, judging: Bool = false, seed: UInt64) throws -> SoundBatches {
        // Noise of which nothing was set aside judges as it is.
        let otherNoise = judging && !heldOutNoise.isEmpty
        return try SoundBatches(
            speech: judging ? judgedSpeech : speech, noise: otherNoise ? judgedNoise : noise, options: options,
            seed: seed, speechClips: judging ? heldOutSpeech : speechClips,
            noiseClips: otherNoise ? heldOutNoise : noiseClips)
    }
}
