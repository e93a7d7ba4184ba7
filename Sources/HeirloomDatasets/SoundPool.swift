import Foundation

/// The clips of a store that have one rate, to be drawn from by family and put one after another.
struct SoundPool: Sendable {
    /// How clips are played.
    struct Playing {
        var gain: Float
        /// Faster and higher (positive) or slower and lower.
        var semitones = 0.0
        /// Whether a clip of a second or more follows itself without a pause, as what goes on in a room does.
        var loops = false
    }

    private let store: SoundStore
    private let sampleRate: Int
    /// Clips of each family, and the sums of their lengths up to each.
    private let clips: [[Int]]
    private let lengths: [[Int]]
    private let familyWeights: [Double]

    /// Samples of all clips.
    let sampleCount: Int
    /// Number of families of the store.
    var families: Int { clips.count }

    /// - Parameter chosen: The clips to draw from; nil for all.
    init(_ store: SoundStore, sampleRate: Int, clips chosen: [Int]? = nil) throws {
        self.store = store
        self.sampleRate = sampleRate
        var clips = [[Int]](repeating: [], count: store.metadata.families.count)
        for index in chosen ?? Array(store.entries.indices) where store.entries[index].sampleRate == sampleRate {
            clips[store.entries[index].family].append(index)
        }
        lengths = clips.map { clips in
            clips.reduce(into: [0]) { $0.append($0[$0.count - 1] + store.entries[$1].sampleCount) }
        }
        self.clips = clips
        let totals = lengths.map { $0[$0.count - 1] }
        sampleCount = totals.reduce(0, +)
        guard sampleCount > 0 else {
            throw DatasetError(
                code: .tooSmall, path: store.path, reason: "holds no clip at \(sampleRate) Hz; pack it for this rate")
        }
        // The root: a talker with ten times the sound is heard three times as often.
        familyWeights = totals.reduce(into: []) { $0.append(($0.last ?? 0) + Double($1).squareRoot()) }
    }

    /// Draws a family.
    func family(_ random: inout RandomSequence) -> Int {
        let target = random.uniform() * familyWeights[familyWeights.count - 1]
        return familyWeights.firstIndex { target < $0 } ?? 0
    }

    /// Draws a clip of a family, in proportion to its length.
    private func clip(_ family: Int, _ random: inout RandomSequence) -> Int {
        let sums = lengths[family]
        let target = Int(random.next() % UInt64(sums[sums.count - 1]))
        var (low, high) = (0, sums.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if sums[middle] <= target { low = middle } else { high = middle }
        }
        return clips[family][low]
    }

    /// Adds clips of a family to `target`, from its first sample to its last, and returns the first of them.
    func play(
        _ family: Int, to target: UnsafeMutableBufferPointer<Float>, _ playing: Playing,
        _ random: inout RandomSequence, pause: (inout RandomSequence) -> Double
    ) -> Int {
        let speed = pow(2, playing.semitones / 12)
        let first = clip(family, &random)
        var (next, place, isFirst) = (first, 0, true)
        while place < target.count {
            let available = Int(Double(store.entries[next].sampleCount - 1) / speed) + 1
            var skipped = 0
            if isFirst {
                // A crop begins anywhere: within a clip, or before it.
                if available > target.count - place {
                    skipped = Int(random.next() % UInt64(available - (target.count - place) + 1))
                } else if !playing.loops {
                    place += Int(pause(&random) * Double(sampleRate))
                } else {
                    skipped = Int(random.next() % UInt64(available))
                }
            }
            let count = min(available - skipped, target.count - place)
            if count > 0 {
                add(next, from: skipped, count: count, speed: speed, gain: playing.gain, to: target, at: place)
                place += count
            }
            let loops = playing.loops && available > sampleRate
            if !loops {
                place += max(1, Int(pause(&random) * Double(sampleRate)))
                next = clip(family, &random)
            }
            isFirst = false
        }
        return first
    }

    /// Adds a piece of a clip, faded in and out over 5 ms where the crop does not cut it.
    private func add(
        _ index: Int, from skipped: Int, count: Int, speed: Double, gain: Float,
        to target: UnsafeMutableBufferPointer<Float>, at place: Int
    ) {
        let fade = max(1, min(sampleRate / 200, count / 2))
        let (fadesIn, fadesOut) = (place > 0, place + count < target.count)
        let scale = gain / 32768
        store.withSamples(of: index) { samples in
            for step in 0..<count {
                var value: Float
                if speed == 1 {
                    value = Float(samples[skipped + step])
                } else {
                    value = SincTable.shared.value(of: samples, at: Double(skipped + step) * speed)
                }
                if fadesIn && step < fade { value *= Float(step + 1) / Float(fade + 1) }
                if fadesOut && count - step <= fade { value *= Float(count - step) / Float(fade + 1) }
                target[place + step] += value * scale
            }
        }
    }
}
