import Foundation
import HeirloomMedia
import HeirloomSignals
import HeirloomTensors

/// What a film's sound is, heard at a few places.
enum SoundEvidence: Sendable, Equatable {
    /// The film has none, or it is silent.
    case none
    /// Mostly music or singing.
    case music
    /// Speech (or noise) that stands out of what is around it by so much, 0...1, and whether the mains hum.
    case speech(clarity: Double, hum: Bool)

    /// Places that are listened to, and the seconds of each.
    private static let places = (count: 12, seconds: 10.0)
    /// Bands that speech is judged in, in Hz.
    private static let band = 80.0...8000.0
    /// Below this clarity there is noise that cleaning takes away: speech recorded close by came out above 0.95, across a
    /// room or in a street at 0.2 to 0.7.
    static let clear = 0.8

    /// Listens.
    ///
    /// - Throws: what reading the sound throws; a film without a sound track is none.
    static func listen(to path: String, check: () throws -> Void) throws -> SoundEvidence {
        guard let summary = try? MediaSummary(path: path), summary.streams.contains(where: { $0.kind == .audio }) else {
            return .none
        }
        let reader = try AudioReader(contentsOf: URL(fileURLWithPath: path))
        let rate = reader.info.sampleRate
        guard rate >= 8000 else { return .none }
        var meter = HealthMeter(sampleRate: rate)
        var ear = SpeechOrMusic(sampleRate: rate)
        let length = Int(places.seconds * Double(rate))
        let total = reader.info.sampleCount ?? reader.info.duration.map { Int($0 * Double(rate)) } ?? 0
        let count = max(1, min(places.count, total / length))
        for place in 0..<count {
            try check()
            let start = count == 1 ? 0 : (total - length) / (count - 1) * place
            if start > reader.position { try reader.seek(to: start) }
            var left = length
            while left > 0, let chunk = try reader.read(min(left, 1 << 16)) {
                let mixed = RecordingChannels.mix(chunk.channels)
                meter.add(channel: mixed)
                withoutGradients { ear.add(channel: mixed) }
                left -= chunk.count
            }
        }
        let health = meter.finish()
        guard health.sampleCount > rate, !health.isSilent else { return .none }
        if withoutGradients({ ear.finish() }).kind == .music { return .music }
        return .speech(clarity: clarity(health), hum: health.hum != nil)
    }

    /// How far the loud moments lie above the quiet ones, as the report of a cleaning has it: 0 for 6 dB, 1 for 30.
    private static func clarity(_ health: HealthReport) -> Double {
        let scores = health.bands.filter { band.contains($0.center) && $0.center < health.validBand }
            .map { min(1, max(0, ($0.range - 6) / 24)) }
        return scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
    }
}
