import Foundation
import HeirloomMedia
import HeirloomSignals

extension CleanWork {
    private static let alignedBlock = 1 << 17

    /// One file for each recording that has a place, all on one clock and of one length.
    func writeAligned(_ placement: CleanPlacement) throws -> CleanReport {
        guard let timeline = inputs[placement.timeline].recording else { preconditionFailure("a timeline was heard") }
        let rate = settings.rate ?? timeline.info.sampleRate
        let length = AudioResampler.length(of: timeline.sampleCount, from: timeline.info.sampleRate, to: rate)
        let range = try piece(of: length, rate: rate)
        let made = try makeFolder()
        var finished: [String] = []
        do {
            for (position, index) in placement.placed.enumerated() {
                guard let recording = inputs[index].recording, let clock = placement.clocks[index] else { continue }
                let path = targets.aligned(inputs[index].path, among: job.inputs)
                let channels: RecordingChannels = .separate(Array(0..<recording.info.channelCount))
                let reader = TimelineReader(
                    recording, channels: channels, map: clock.map, rate: rate, polarity: clock.polarity)
                let meter = PhaseMeter(
                    monitor, "writing \(RecordingNames.name(path))", seconds: Double(range.count) / Double(rate),
                    index: position, of: placement.placed.count)
                let output = OutputSound(
                    rate: rate, channelCount: channels.count, format: settings.depth?.sampleFormat)
                let writer = try writer(to: path, output, timeline, shift: Double(range.lowerBound) / Double(rate))
                var start = range.lowerBound
                while start < range.upperBound {
                    let end = min(start + Self.alignedBlock, range.upperBound)
                    try writer.write(try reader.samples(start..<end))
                    try meter.advance(Double(end - start) / Double(rate))
                    start = end
                }
                notes += try writer.finish()
                finished.append(path)
                inputs[index].use = .used
            }
        } catch {
            // All of them or none.
            for path in finished { unlink(path) }
            if made { rmdir(targets.path) }
            throw error
        }
        var report = report(timeline: placement.timeline, reference: placement.members.first, intervals: [], nil)
        report.outputs = finished
        report.seconds = Double(range.count) / Double(rate)
        report.sampleRate = rate
        report.depth = (settings.depth?.sampleFormat ?? .int24).title
        report.stages = ["align"]
        try writeReport(&report, envelope: [], start: Double(range.lowerBound) / Double(rate))
        return report
    }

    /// Makes the folder where there is none; whether it did.
    private func makeFolder() throws -> Bool {
        if FileManager.default.fileExists(atPath: targets.path) { return false }
        do {
            try FileManager.default.createDirectory(atPath: targets.path, withIntermediateDirectories: false)
            return true
        } catch {
            throw MediaError(
                .notWritable, "write the aligned recordings to", path: targets.path,
                reason: error.localizedDescription, advice: "check the permissions of the folder above it")
        }
    }
}
