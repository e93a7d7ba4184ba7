import HeirloomMedia
import HeirloomSignals

extension CleanWork {
    /// What was found and done, without what only the last pass knows.
    func report(
        timeline: Int?, reference: Int?, intervals: [CleanReport.Interval], _ network: CleanNetwork?
    ) -> CleanReport {
        CleanReport(
            outputs: [], removed: nil, recordings: inputs.map(Self.entry), reference: reference.map { inputs[$0].path },
            timeline: timeline.map { inputs[$0].path }, seconds: 0, sampleRate: 0, channelCount: 1, depth: "",
            stages: settings.stages.names, model: network?.name, strength: settings.strength,
            limit: network?.limit(isSolo: inputs.count { $0.use == .used } == 1),
            loudnessBefore: nil, loudness: nil, truePeak: nil, intervals: intervals, notes: notes,
            version: job.version, workSeconds: elapsed)
    }

    /// Writes the report where one is wanted.
    ///
    /// - Parameters:
    ///   - envelope: the result's magnitudes, ten a second; empty where there is none.
    ///   - start: where on the timeline the result begins, in seconds.
    func writeReport(_ report: inout CleanReport, envelope: [Float], start: Double) throws {
        report.workSeconds = elapsed
        guard let files = targets.report else { return }
        let rows = pictureRows(report, envelope: envelope, start: start)
        let end = max(start + report.seconds, start + 0.1)
        try files.write(
            report, picture: { ReportPicture(rows: rows, span: start...end).draw() }, overwrite: settings.overwrite)
    }

    /// The largest magnitude in each tenth of a second.
    func envelope(of sound: ScratchSound, rate: Int) throws -> [Float] {
        guard targets.report?.picture != nil else { return [] }
        var envelope = SoundEnvelope(sampleRate: rate, rate: Listening.envelopeRate)
        try FinishingPass.Source(sound).eachBlock(1 << 17) { envelope.add($0[0]) }
        envelope.finish()
        return envelope.peaks
    }

    // MARK: - Parts

    private func pictureRows(_ report: CleanReport, envelope: [Float], start: Double) -> [ReportPicture.Row] {
        let step = 1 / Double(Listening.envelopeRate)
        var rows = inputs.indices.compactMap { index -> ReportPicture.Row? in
            guard let recording = inputs[index].recording else { return nil }
            let entry = report.recordings[index]
            var title = inputs[index].name
            switch entry.use {
            case .used:
                let isReference = entry.file == report.reference
                title += "  " + CleanReport.role(isReference: isReference, of: report.recordings.count)
            case .placed: title += "  aligned, not used"
            case .leftOut: title += "  left out"
            }
            if let offset = entry.offset, entry.use != .leftOut, entry.file != report.timeline {
                title += "  offset \(CleanReport.signed(offset, 3)) s"
                if let drift = entry.drift { title += "  drift \(CleanReport.signed(drift, 1)) ppm" }
            }
            if let reason = entry.reasons.first { title += "  (\(reason))" }
            let map = entry.use == .leftOut ? nil : inputs[index].place?.map
            let color =
                entry.use == .used
                ? ReportPicture.used : entry.use == .placed ? ReportPicture.placed : ReportPicture.leftOut
            return ReportPicture.Row(
                title: title, peaks: recording.envelope, step: step,
                place: { map == nil ? $0 : map?.referenceTime(at: $0) }, color: color, marks: entry.jumps.map(\.at))
        }
        if !envelope.isEmpty {
            rows.append(
                ReportPicture.Row(
                    title: "result", peaks: envelope, step: step, place: { $0 + start }, color: ReportPicture.result))
        }
        return rows
    }

    private static func entry(_ input: CleanInput) -> CleanReport.Recording {
        let recording = input.recording
        let place = input.isPlaced ? input.place : nil
        let health = recording?.usedHealth ?? []
        let drift = place.map(\.map.driftPPM)
        return CleanReport.Recording(
            file: input.path, use: input.use, reasons: input.reasons, sampleRate: recording?.info.sampleRate ?? 0,
            channelCount: recording?.info.channelCount ?? 0, seconds: recording?.seconds ?? 0,
            sampleFormat: recording?.info.codec ?? "", offset: place?.map.offset, drift: drift,
            driftError: place?.map.driftError,
            jumps: place?.map.jumps.map { .init(at: $0.reference, seconds: $0.seconds) } ?? [],
            confidence: place?.confidence, isInverted: (place?.polarity ?? 1) < 0, gain: input.gain,
            gainRange: input.gainRange, score: input.score, clipped: recording?.clipped ?? 0,
            bandLimit: health.compactMap(\.bandLimit).min(), hum: health.compactMap(\.hum).first?.mains,
            mutedSeconds: recording.map(Faults.mutedSeconds) ?? 0)
    }
}
