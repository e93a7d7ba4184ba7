import Foundation
import HeirloomMedia
import HeirloomSignals

/// The first pass over a recording: everything that must be known before a sample of it is used, in one reading.
struct Listening {
    /// Samples of each channel that are read at a time.
    static let blockSize = 1 << 17
    /// Samples per second of the envelope.
    static let envelopeRate = 10

    /// Where intermediate sound goes.
    let folder: String

    /// Listens to a whole recording.
    ///
    /// - Parameter advance: told how many more seconds were heard; what it throws ends the work.
    /// - Throws: `MediaError` where the file cannot be read or holds no sample.
    func listen(to path: String, advance: (Double) throws -> Void) throws -> Recording {
        let reader = try AudioReader(contentsOf: URL(fileURLWithPath: path))
        let info = reader.info
        var meters = (0..<info.channelCount).map { _ in HealthMeter(sampleRate: info.sampleRate) }
        var likeness = ChannelLikeness(channelCount: info.channelCount)
        var envelope = SoundEnvelope(sampleRate: info.sampleRate, rate: Self.envelopeRate)
        let track = try AnalysisTrack(in: folder)
        let resampler = try AudioResampler(from: info.sampleRate, to: AnalysisTrack.sampleRate, channelCount: 1)
        var count = 0
        while let chunk = try reader.read(Self.blockSize) {
            for index in meters.indices { meters[index].add(channel: chunk.channels[index]) }
            likeness.add(chunk.channels)
            let mixed = RecordingChannels.mix(chunk.channels)
            envelope.add(mixed)
            try track.append(try resampler.process([mixed])[0])
            count += chunk.count
            try advance(Double(chunk.count) / Double(info.sampleRate))
        }
        try track.append(try resampler.finish()[0])
        guard count > 0 else {
            throw MediaError(
                .corrupt, "clean the sound", path: path, reason: "it holds no samples",
                advice: "copy it again from where it came from")
        }
        envelope.finish()
        let health = meters.indices.map { meters[$0].finish() }
        return Recording(
            path: path, info: info, sampleCount: count, health: health, track: track, envelope: envelope.peaks,
            channels: Self.channels(health, likeness), notes: reader.notes)
    }

    /// Two channels that differ are two microphones; a dead one is none, and more than two are mixed.
    private static func channels(_ health: [HealthReport], _ likeness: ChannelLikeness) -> RecordingChannels {
        switch health.count {
        case 1: return .separate([0])
        case 2:
            let alive = health.indices.filter { !health[$0].isDead }
            if alive.count == 1 { return .separate(alive) }
            return likeness.isSame ? .separate([0]) : .separate([0, 1])
        default: return .mixed
        }
    }
}

/// Whether two channels hold the same sound.
struct ChannelLikeness {
    private var power = 0.0
    private var difference = 0.0
    private let isPair: Bool

    init(channelCount: Int) { isPair = channelCount == 2 }

    mutating func add(_ channels: [[Float]]) {
        guard isPair else { return }
        channels[0].withUnsafeBufferPointer { left in
            channels[1].withUnsafeBufferPointer { right in
                var (sum, apart): (Float, Float) = (0, 0)
                for index in left.indices {
                    let (a, b) = (left[index], right[index])
                    sum += a * a + b * b
                    apart += (a - b) * (a - b)
                }
                power += Double(sum)
                difference += Double(apart)
            }
        }
    }

    /// Whether the channels differ by less than 50 dB below what they hold.
    var isSame: Bool { isPair && difference <= 1e-5 * power }
}

/// The largest magnitude of every tenth of a second, for the picture in a report.
struct SoundEnvelope {
    private(set) var peaks: [Float] = []
    private let step: Int
    private var current: Float = 0
    private var left: Int

    init(sampleRate: Int, rate: Int) {
        step = max(1, sampleRate / rate)
        left = step
    }

    mutating func add(_ samples: [Float]) {
        samples.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                let end = min(buffer.count, index + left)
                for place in index..<end { current = max(current, abs(buffer[place])) }
                left -= end - index
                index = end
                if left == 0 { next() }
            }
        }
    }

    mutating func finish() { if left < step { next() } }

    private mutating func next() {
        peaks.append(current)
        current = 0
        left = step
    }
}
