import Foundation
import HeirloomMedia
import HeirloomSignals
import HeirloomTensors

extension CleanWork {
    /// Samples per second up to which microphones are combined; above is nothing of speech.
    private static let highestWorkingRate = 48_000

    /// Several recordings become one.
    func cleanSeveral(_ placement: CleanPlacement, _ network: CleanNetwork?) throws -> CleanReport {
        guard let timeline = inputs[placement.timeline].recording else { preconditionFailure("a timeline was heard") }
        let output = try outputSound(timeline, channelCount: 1)
        let rate = min(output.rate, Self.highestWorkingRate)
        let length = AudioResampler.length(of: timeline.sampleCount, from: timeline.info.sampleRate, to: rate)
        let range = try piece(of: length, rate: rate)
        try matchLevels(placement)
        let readers = inputs.indices.map { index -> TimelineReader? in
            guard placement.members.contains(index), let recording = inputs[index].recording,
                let clock = placement.clocks[index]
            else { return nil }
            return TimelineReader(
                recording, channels: recording.channels, map: clock.map, rate: rate, polarity: clock.polarity,
                repairs: true)
        }
        let microphones = microphones(placement.members)
        let combined = try ScratchSound(channelCount: 2, in: folder)
        let pass = ArrayPass(
            microphones: microphones, reference: 0, readers: readers, names: inputs.map(\.name), rate: rate,
            range: range, stages: settings.stages, network: network)
        let meter = PhaseMeter(
            monitor, "combining \(placement.members.count) recordings", seconds: Double(range.count) / Double(rate))
        let intervals = try pass.run(into: combined) { try meter.advance($0) }
        let clean = try enhanced(combined, rate: rate, auxiliary: true, isSolo: false, network)
        let before = FinishingPass.Source(channelCount: 1, sampleCount: combined.count) { range in
            let parts = try combined.channels(range)
            return [zip(parts[0], parts[1]).map { $0 + $1 }]
        }
        return try finish(
            clean, before: before, rate: rate, range: range, output: output, timeline: placement.timeline,
            reference: placement.members[0], intervals: intervals, network)
    }

    /// The microphones of the recordings, the reference first.
    private func microphones(_ members: [Int]) -> [Microphone] {
        members.flatMap { index -> [Microphone] in
            guard let recording = inputs[index].recording else { return [] }
            let health = recording.usedHealth
            return (0..<recording.channels.count).map { channel in
                Microphone(
                    recording: index, channel: channel, score: inputs[index].score ?? 0,
                    bandLimit: health[min(channel, health.count - 1)].bandLimit
                        ?? Double(recording.info.sampleRate) / 2)
            }
        }
    }

    /// The samples of the timeline that are asked for.
    func piece(of count: Int, rate: Int) throws -> Range<Int> {
        let first = settings.from.map { Int(($0 * Double(rate)).rounded()) } ?? 0
        let last = settings.to.map { Int(($0 * Double(rate)).rounded()) } ?? count
        guard first < count, first < last else {
            throw RestorationError(
                .badRequest,
                "The piece begins at \(CleanReport.clock(settings.from ?? 0)), but the recording ends at \(CleanReport.clock(Double(count) / Double(rate))); choose an earlier --from."
            )
        }
        return max(0, first)..<min(count, last)
    }
}
