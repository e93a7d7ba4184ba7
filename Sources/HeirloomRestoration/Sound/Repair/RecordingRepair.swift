import HeirloomMedia
import HeirloomSignals

/// Takes out of a recording what is wrong with it before anything else listens: constant offset and rumble, hum, cut-off
/// peaks, clicks. Each channel is repaired for itself; nothing is delayed.
struct RecordingRepair {
    /// The share of clipped samples from which on peaks are rebuilt.
    private static let declippingNotice = 0.0002

    private var chains: [[any SoundRepair]]
    private let humming: Double?
    private let rebuilds: Bool

    /// A repair of some channels of a recording.
    ///
    /// - Parameter clicks: whether clicks are looked for; where microphones are compared, a door that slams must stay.
    init(_ recording: Recording, channels: RecordingChannels, clicks: Bool) {
        let health = channels.health(recording.health)
        let rate = recording.info.sampleRate
        let rebuilds = health.contains { $0.clippedFraction >= Self.declippingNotice }
        chains = health.map { health in
            var chain: [any SoundRepair] = []
            // First, while peaks still end where the converter cut them off.
            if rebuilds { chain.append(Declipper(sampleRate: rate, limits: health.clipLimits)) }
            chain.append(RumbleFilter(sampleRate: rate, offset: health.offset))
            if let hum = health.hum { chain.append(HumFilter(sampleRate: rate, frequencies: hum.frequencies)) }
            if clicks { chain.append(ClickRepair(sampleRate: rate)) }
            return chain
        }
        humming = health.compactMap(\.hum).first?.mains
        self.rebuilds = rebuilds
    }

    /// Takes the next samples and gives those that are done.
    mutating func process(_ channels: [[Float]]) -> [[Float]] {
        channels.indices.map { index in
            var samples = channels[index]
            for step in chains[index].indices { samples = chains[index][step].process(samples) }
            return samples
        }
    }

    /// The samples that were held back.
    mutating func finish() -> [[Float]] {
        chains.indices.map { index in
            var samples: [Float] = []
            for step in chains[index].indices {
                samples = chains[index][step].process(samples) + chains[index][step].finish()
            }
            return samples
        }
    }

    /// What was repaired so far, in sentences.
    var notes: [String] {
        var notes: [String] = []
        if let humming { notes.append("hum of \(CleanReport.number(humming, 0)) Hz was filtered out") }
        if rebuilds { notes.append("cut-off peaks were rebuilt") }
        let clicks = chains.joined().compactMap { ($0 as? ClickRepair)?.clickCount }.reduce(0, +)
        if clicks > 0 { notes.append(clicks == 1 ? "one click was taken out" : "\(clicks) clicks were taken out") }
        return notes
    }
}
