/// Sound of one batch, on its way between threads.
struct PreparedSound: Sendable {
    /// `[N, 2, length]`.
    var samples: [Float]
    /// `[N, 2]`.
    var labels: [Int64]
    var indices: [Int]
}

/// Makes any batch of sound from its number.
struct SoundMaker: Sendable {
    let speech: SoundPool
    let noise: SoundPool
    let options: SoundBatches.Options
    let seed: UInt64

    func make(_ number: Int) -> PreparedSound {
        let length = options.length
        var batch = PreparedSound(
            samples: [Float](repeating: 0, count: 2 * length * options.batchSize), labels: [], indices: [])
        batch.samples.withUnsafeMutableBufferPointer { samples in
            for place in 0..<options.batchSize {
                var random = RandomSequence(seed, 0x50_0D, UInt64(number), UInt64(place))
                func target(_ kind: Int) -> UnsafeMutableBufferPointer<Float> {
                    let start = (2 * place + kind) * length
                    return UnsafeMutableBufferPointer(rebasing: samples[start..<start + length])
                }
                let talker = speech.family(&random)
                batch.indices.append(speak(talker, to: target(0), gain: 1, &random))
                batch.labels.append(Int64(talker))
                batch.labels.append(Int64(disturb(target(1), besides: talker, &random)))
            }
        }
        return batch
    }

    /// Adds a talker: words with pauses, or a piece of a longer clip. Returns the first clip.
    private func speak(
        _ family: Int, to target: UnsafeMutableBufferPointer<Float>, gain: Float, _ random: inout RandomSequence
    ) -> Int {
        let isChanged = random.uniform() < options.speedShare
        let semitones = random.uniform(-options.semitones, options.semitones)
        var playing = SoundPool.Playing(gain: gain)
        playing.semitones = isChanged ? semitones : 0
        return speech.play(family, to: target, playing, &random) { random in
            let isLong = random.uniform() < options.longPauseShare
            let pause = random.uniform(options.pauses.lowerBound, options.pauses.upperBound)
            return isLong ? random.uniform(options.pauses.upperBound, 1) : pause
        }
    }

    /// Adds recorded noise or babble and returns its class.
    private func disturb(
        _ target: UnsafeMutableBufferPointer<Float>, besides talker: Int, _ random: inout RandomSequence
    ) -> Int {
        if random.uniform() < options.babbleShare {
            let talkers = options.talkers.lowerBound + Int(random.next() % UInt64(options.talkers.count))
            for _ in 0..<talkers {
                var other = speech.family(&random)
                // A crowd seldom has the talker's own voice in it; one more draw makes it rare.
                if other == talker { other = speech.family(&random) }
                let gain = Float(random.uniform(0.5, 1)) / Float(talkers).squareRoot()
                _ = speak(other, to: target, gain: gain, &random)
            }
            return noise.families
        }
        let family = noise.family(&random)
        let isDense = random.uniform() < 0.5
        _ = noise.play(family, to: target, SoundPool.Playing(gain: 1, loops: true), &random) {
            $0.uniform(0.03, isDense ? 0.25 : 0.9)
        }
        return family
    }
}
