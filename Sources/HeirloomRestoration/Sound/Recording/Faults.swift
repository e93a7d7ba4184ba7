import HeirloomMedia
import HeirloomSignals

/// What is wrong with a recording, in words, the worst first.
struct Faults {
    /// The share of clipped samples from which on a recording is not mixed into the result.
    static let clippingLimit = 0.01
    /// The share from which on clipping is worth a word.
    static let clippingNotice = 0.001

    /// The sentences, without full stops.
    let sentences: [String]

    init(_ recording: Recording) {
        let worst = recording.usedHealth.max { $0.faults.count < $1.faults.count }
        var found = worst?.sentences ?? []
        let hasDeadSide = recording.health.contains(where: \.isDead) && !recording.isDead
        if recording.info.channelCount == 2, hasDeadSide { found.append("one of its channels is dead") }
        sentences = found
    }

    /// Seconds of zeros and frozen samples.
    static func mutedSeconds(_ recording: Recording) -> Double {
        guard let health = recording.usedHealth.first else { return 0 }
        let samples = health.gaps.reduce(0) { $0 + $1.count } + health.unlistedGapSamples
        return Double(samples) / Double(health.sampleRate)
    }
}
