import Foundation
import HeirloomMedia
import HeirloomSignals

/// One recording after it was listened to: what it is, what is wrong with it, and how it sounds at 16 kHz.
final class Recording {
    /// The file, as the user named it.
    let path: String
    /// What the file says about itself.
    let info: AudioInfo
    /// Samples in each channel, as many as could be read.
    let sampleCount: Int
    /// What is wrong with each channel.
    let health: [HealthReport]
    /// How it sounds, in one channel at 16 kHz.
    let track: AnalysisTrack
    /// The largest magnitude in each tenth of a second.
    let envelope: [Float]
    /// The microphones in it.
    let channels: RecordingChannels
    /// Sentences about damage that was passed over while reading.
    let notes: [String]

    init(
        path: String, info: AudioInfo, sampleCount: Int, health: [HealthReport], track: AnalysisTrack,
        envelope: [Float], channels: RecordingChannels, notes: [String]
    ) {
        self.path = path
        self.info = info
        self.sampleCount = sampleCount
        self.health = health
        self.track = track
        self.envelope = envelope
        self.channels = channels
        self.notes = notes
    }

    /// The file.
    var url: URL { info.url }
    /// The name without its folders.
    var name: String { RecordingNames.name(path) }
    /// The length in seconds, by its own clock.
    var seconds: Double { Double(sampleCount) / Double(info.sampleRate) }

    /// The reports of the channels that are used.
    var usedHealth: [HealthReport] { channels.health(health) }

    /// Muted stretches of the first channel that is used.
    var gaps: [Range<Int>] { usedHealth[0].gaps.map { $0.start..<$0.start + $0.count } }
    /// The largest share of clipped samples.
    var clipped: Double { usedHealth.map(\.clippedFraction).max() ?? 0 }
    /// Whether nothing but constant noise is in any channel.
    var isDead: Bool { health.allSatisfy(\.isDead) }
    /// Whether there is no sound in any channel.
    var isSilent: Bool { health.allSatisfy(\.isSilent) }
}
