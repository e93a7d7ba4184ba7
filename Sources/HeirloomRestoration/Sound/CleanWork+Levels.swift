import HeirloomSignals
import HeirloomTensors
import HeirloomWorkers

extension CleanWork {
    private static let levelSeconds = 30.0

    /// Measures by how much the levels of the recordings that are heard differ, and where an automatic gain moved one.
    func matchLevels(_ placement: CleanPlacement) throws {
        guard let timeline = inputs[placement.timeline].recording else { return }
        let rate = Double(AnalysisTrack.sampleRate)
        var matching = GainMatching(channelCount: placement.members.count, sampleRate: AnalysisTrack.sampleRate)
        let count = Int(Self.levelSeconds * rate)
        var start = 0.0
        while start < timeline.seconds {
            try monitor.flag.check()
            let length = min(count, max(1, Int((timeline.seconds - start) * rate)))
            var sound: [Tensor] = []
            var valid: [Tensor] = []
            for index in placement.members {
                let (samples, present) = try aligned(index, placement, from: start, count: length)
                sound.append(Tensor(samples))
                valid.append(Tensor(present))
            }
            try recovering { matching.add(stacked(sound), valid: stacked(valid)) }
            start += Self.levelSeconds
        }
        let found = matching.finish(reference: 0)
        for (index, channel) in zip(placement.members, found) {
            inputs[index].gain = channel.gain == 0 ? 0 : -channel.gain
            guard !channel.slowGain.isEmpty else { continue }
            inputs[index].gainRange = channel.slowRange
            inputs[index].reasons.append(
                "its own automatic gain moved by \(CleanReport.number(channel.slowRange, 0)) dB")
        }
    }

    /// A recording at 16 kHz on the timeline, to the nearest sample, and where it has sound.
    private func aligned(
        _ index: Int, _ placement: CleanPlacement, from start: Double, count: Int
    ) throws -> (samples: [Float], present: [Float]) {
        let rate = Double(AnalysisTrack.sampleRate)
        var samples = [Float](repeating: 0, count: count)
        var present = [Float](repeating: 0, count: count)
        guard let track = inputs[index].recording?.track, let map = placement.clocks[index]?.map else {
            return (samples, present)
        }
        // Half seconds: no clock drifts by a sample in one.
        let step = Int(rate / 2)
        var offset = 0
        while offset < count {
            let length = min(step, count - offset)
            let time = start + Double(offset) / rate
            if let first = map.fileTime(at: time), map.fileTime(at: time + Double(length) / rate) != nil {
                let place = Int((first * rate).rounded())
                if place >= 0, place + length <= track.sampleCount {
                    samples.replaceSubrange(
                        offset..<offset + length, with: try track.samples(from: place, count: length))
                    present.replaceSubrange(offset..<offset + length, with: repeatElement(1, count: length))
                }
            }
            offset += length
        }
        return (samples, present)
    }
}
