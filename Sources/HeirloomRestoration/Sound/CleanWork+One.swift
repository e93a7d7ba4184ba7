import HeirloomMedia
import HeirloomSignals
import HeirloomTensors
import HeirloomWorkers

extension CleanWork {
    private static let blockSize = 1 << 17

    /// What is left as it is.
    private func music(in recording: Recording, _ network: CleanNetwork?) throws -> KeptMusic {
        guard network != nil || settings.stages.contains(.dereverb), !settings.treatsMusic else { return .none }
        let music = try KeptMusic(recording.track) { try monitor.flag.check() }
        if music.isAll {
            notes.append("it is music, so it was left as it is; --force cleans it all the same")
        } else if !music.ranges.isEmpty {
            let places = music.ranges.prefix(5).map {
                "\(CleanReport.clock($0.lowerBound)) to \(CleanReport.clock($0.upperBound))"
            }
            let more = music.ranges.count > 5 ? " and \(music.ranges.count - 5) more places" : ""
            notes.append(
                "music was left as it is from \(places.joined(separator: ", "))\(more); --force cleans it all the same")
        }
        return music
    }

    /// The minutes of a recording, for the report.
    private static func minutes(
        _ count: Int, rate: Int, name: String, method: String
    ) -> [CleanReport.Interval] {
        SpatialIntervals(sampleCount: count, sampleRate: rate).intervals.map { interval in
            CleanReport.Interval(
                start: Double(interval.core.lowerBound) / Double(rate),
                end: Double(interval.core.upperBound) / Double(rate), files: [name], method: method, notes: [])
        }
    }

    /// Sound without the late echo of its room, but for music, and whether there was any.
    private func dry(
        _ sound: ScratchSound, rate: Int, keeping music: KeptMusic, from origin: Double
    ) throws -> (sound: ScratchSound, changed: Bool) {
        guard settings.stages.contains(.dereverb), !music.isAll, rate >= DereverbPass.lowestRate else {
            return (sound, false)
        }
        let result = try ScratchSound(channelCount: sound.channelCount, in: folder)
        let meter = PhaseMeter(monitor, "taking away echo", seconds: Double(sound.count) / Double(rate))
        let changed = try DereverbPass(rate: rate, music: music, origin: origin).run(sound, into: result) {
            try meter.advance($0)
        }
        return (result, changed)
    }

    /// One recording becomes clean.
    func cleanOne(_ index: Int, _ network: CleanNetwork?) throws -> CleanReport {
        guard let recording = inputs[index].recording else { preconditionFailure("a candidate was heard") }
        inputs[index].use = .used
        if inputs.count > 1 { notes.append("only \(inputs[index].name) could be used: it was cleaned alone") }
        let channels: RecordingChannels =
            recording.info.channelCount <= 2 ? .separate(Array(0..<recording.info.channelCount)) : .mixed
        let output = try outputSound(recording, channelCount: channels.count)
        let rate = recording.info.sampleRate
        let range = try piece(of: recording.sampleCount, rate: rate)
        let reader = TimelineReader(recording, channels: channels, map: ClockMap(), rate: rate, polarity: 1)
        let repaired = try ScratchSound(channelCount: channels.count, in: folder)
        var repair =
            settings.stages.contains(.enhance) ? RecordingRepair(recording, channels: channels, clicks: true) : nil
        let meter = PhaseMeter(monitor, "repairing \(inputs[index].name)", seconds: Double(range.count) / Double(rate))
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + Self.blockSize, range.upperBound)
            let samples = try reader.samples(start..<end)
            try repaired.append(repair?.process(samples) ?? samples)
            try meter.advance(Double(end - start) / Double(rate))
            start = end
        }
        if let rest = repair?.finish() { try repaired.append(rest) }
        notes += repair?.notes ?? []
        let music = try music(in: recording, network)
        let origin = Double(range.lowerBound) / Double(rate)
        let dry = try dry(repaired, rate: rate, keeping: music, from: origin)
        let clean = try enhanced(
            dry.sound, rate: rate, auxiliary: false, isSolo: true, music.isAll ? nil : network, keeping: music,
            from: origin)
        let original = TimelineReader(recording, channels: channels, map: ClockMap(), rate: rate, polarity: 1)
        let before = FinishingPass.Source(channelCount: channels.count, sampleCount: range.count) { piece in
            try original.samples(piece.lowerBound + range.lowerBound..<piece.upperBound + range.lowerBound)
        }
        return try finish(
            clean, before: before, rate: rate, range: range, output: output, timeline: index, reference: index,
            intervals: Self.minutes(
                range.count, rate: rate, name: inputs[index].name, method: dry.changed ? "dereverberated" : "alone"),
            network)
    }
}
