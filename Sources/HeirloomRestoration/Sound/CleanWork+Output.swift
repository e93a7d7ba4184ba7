import Foundation
import HeirloomMedia
import HeirloomSignals
import HeirloomTensors
import HeirloomWorkers

extension CleanWork {
    /// What the result's file will hold.
    struct OutputSound {
        let rate: Int
        let channelCount: Int
        let format: SampleFormat?
    }

    /// The rate and the bits of the result, checked against what its kind of file can hold.
    func outputSound(_ timeline: Recording, channelCount: Int) throws -> OutputSound {
        let rate = settings.rate ?? timeline.info.sampleRate
        let format = settings.depth?.sampleFormat
        if targets.kind == .sound {
            try AudioWriter.check(
                url(targets.path), sampleRate: rate, channelCount: channelCount, format: format,
                inputs: job.inputs.map(url), overwrite: settings.overwrite)
        }
        if let removed = targets.removed {
            try AudioWriter.check(
                url(removed), sampleRate: rate, channelCount: channelCount, format: format,
                inputs: job.inputs.map(url), overwrite: settings.overwrite)
        }
        return OutputSound(rate: rate, channelCount: channelCount, format: format)
    }

    /// The first input that has a picture.
    func film() throws -> Int {
        for (index, path) in job.inputs.enumerated() {
            if let summary = try? MediaSummary(path: path), summary.film != nil { return index }
        }
        throw RestorationError(
            .badRequest,
            "The result '\(targets.path)' is a film, but none of the inputs has a picture; let its name end in .wav or .flac."
        )
    }

    /// Writes the result, what was taken away, and the report.
    func finish(
        _ clean: ScratchSound, before: FinishingPass.Source, rate: Int, range: Range<Int>, output: OutputSound,
        timeline: Int, reference: Int, intervals: [CleanReport.Interval], _ network: CleanNetwork?
    ) throws -> CleanReport {
        guard let source = inputs[timeline].recording else { preconditionFailure("a timeline was heard") }
        // Noise alone is not brought to the level of speech.
        let isEmpty = source.isDead && !inputs[timeline].isForced && settings.loudness != nil
        if isEmpty { notes.append("there is no speech in it: its loudness was left as it is") }
        let isWhole = settings.from == nil && settings.to == nil
        let count =
            isWhole
            ? AudioResampler.length(of: source.sampleCount, from: source.info.sampleRate, to: output.rate)
            : AudioResampler.length(of: range.count, from: rate, to: output.rate)
        let pass = FinishingPass(
            sourceRate: rate, rate: output.rate, sampleCount: count, loudness: isEmpty ? nil : settings.loudness)
        let seconds = Double(clean.count) / Double(rate)
        let writing = PhaseMeter(
            monitor, "writing \(RecordingNames.name(targets.path))",
            seconds: seconds * (targets.removed == nil ? 1 : 2))
        let written: FinishingPass.Written
        if targets.kind == .film {
            written = try writeFilm(FinishingPass.Source(clean), pass, output, timeline) { try writing.advance($0) }
        } else {
            let writer = try writer(to: targets.path, output, source, shift: Double(range.lowerBound) / Double(rate))
            written = try pass.write(FinishingPass.Source(clean), to: writer) { try writing.advance($0) }
        }
        if let removed = targets.removed {
            let difference = FinishingPass.Source(channelCount: clean.channelCount, sampleCount: clean.count) { piece in
                zip(try before.samples(piece), try clean.channels(piece)).map { zip($0, $1).map { $0 - $1 } }
            }
            let writer = try writer(to: removed, output, source, shift: Double(range.lowerBound) / Double(rate))
            _ = try pass.write(difference, gain: written.gain, to: writer) { try writing.advance($0) }
        }
        notes += written.notes
        let scored = try self.scored(intervals, before, clean, rate: rate, from: range.lowerBound)
        var report = report(timeline: timeline, reference: reference, intervals: scored, network)
        report.outputs = [targets.path]
        report.removed = targets.removed
        report.seconds = Double(count) / Double(output.rate)
        report.sampleRate = output.rate
        report.channelCount = output.channelCount
        report.depth = written.format.title
        report.loudnessBefore = written.loudnessBefore
        report.loudness = written.loudness
        report.truePeak = written.truePeak
        try writeReport(
            &report, envelope: envelope(of: clean, rate: rate), start: Double(range.lowerBound) / Double(rate))
        return report
    }

    /// The intervals with how clear speech was in them before and how clear it is now.
    private func scored(
        _ intervals: [CleanReport.Interval], _ before: FinishingPass.Source, _ clean: ScratchSound, rate: Int,
        from start: Int
    ) throws -> [CleanReport.Interval] {
        try intervals.map { interval in
            var scored = interval
            let first = min(max(Int((interval.start * Double(rate)).rounded()), 0), clean.count)
            let last = min(max(Int((interval.end * Double(rate)).rounded()), first), clean.count)
            try monitor.flag.check()
            let (old, new) = (try before.samples(first..<last)[0], try clean.samples(of: 0, first..<last))
            (scored.before, scored.after) = try recovering {
                (SpeechClarity.score(old, rate: rate), SpeechClarity.score(new, rate: rate))
            }
            scored.start += Double(start) / Double(rate)
            scored.end += Double(start) / Double(rate)
            return scored
        }
    }

    /// A writer with the tags of a recording.
    ///
    /// - Parameter shift: by how many seconds the result begins later.
    func writer(to path: String, _ output: OutputSound, _ source: Recording, shift: Double = 0) throws -> AudioWriter {
        var broadcast = source.info.broadcast
        if let old = broadcast {
            let begin = Double(old.timeReference) / Double(source.info.sampleRate) + shift
            broadcast?.timeReference = Int((begin * Double(output.rate)).rounded())
        }
        let cues = source.info.cues.compactMap { cue -> AudioCue? in
            let time = Double(cue.position) / Double(source.info.sampleRate) - shift
            return time < 0 ? nil : AudioCue(position: Int((time * Double(output.rate)).rounded()), name: cue.name)
        }
        return try AudioWriter(
            to: url(path), sampleRate: output.rate, channelCount: output.channelCount, format: output.format,
            tags: source.info.tags.filter { Self.tags.contains($0.key) }, broadcast: broadcast, cues: cues,
            inputs: job.inputs.map(url), overwrite: settings.overwrite)
    }

    private static let tags: Set = [
        "title", "artist", "copyright", "software", "comment", "date", "album", "license", "tracknumber", "genre",
    ]

    /// A film with the new sound: the sound stands in a hidden file beside it until the film is whole.
    private func writeFilm(
        _ clean: FinishingPass.Source, _ pass: FinishingPass, _ output: OutputSound, _ timeline: Int,
        advance: (Double) throws -> Void
    ) throws -> FinishingPass.Written {
        guard let source = inputs[timeline].recording else { preconditionFailure("a timeline was heard") }
        let hidden = folder + "/.heirloom-\(UUID().uuidString).wav"
        defer { unlink(hidden) }
        let writer = try AudioWriter(
            to: url(hidden), sampleRate: output.rate, channelCount: output.channelCount, format: output.format)
        var written = try pass.write(clean, to: writer, advance: advance)
        try monitor.flag.check()
        written.notes += try FilmSound.replaceSound(
            of: source.url, track: source.info.track, with: url(hidden), to: url(targets.path),
            overwrite: settings.overwrite)
        return written
    }

    func url(_ path: String) -> URL { URL(fileURLWithPath: path) }
}
