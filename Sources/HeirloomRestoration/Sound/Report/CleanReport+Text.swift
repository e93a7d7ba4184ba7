import Foundation

extension CleanReport {
    /// A few lines for a person: the result, then each recording, then what else there is to say.
    public var summary: String { (headLines + recordingLines + noteLines).joined(separator: "\n") }

    /// Everything, for a person.
    public var text: String {
        var lines = headLines + [""] + ["Recordings"] + recordingLines.map { "  " + $0 }
        for recording in recordings where recording.reasons.count > 1 || !recording.jumps.isEmpty {
            lines += ["", recording.file]
            lines += recording.reasons.map { "  " + $0 }
            lines += recording.jumps.map { jump in
                let what = jump.seconds >= 0 ? "lost" : "holds twice or inserted"
                return "  \(what) \(Self.number(abs(jump.seconds) * 1000, 1)) ms at \(Self.clock(jump.at))"
            }
        }
        if !intervals.isEmpty {
            lines += ["", "What was done when"]
            lines += intervals.map(Self.line)
        }
        lines += ["", "Settings"]
        lines.append("  stages \(stages.joined(separator: ", ")); network \(model ?? "none")")
        lines.append(
            "  strength \(Self.number(strength, 2)); limit \(limit.map { Self.number($0, 1) + " dB" } ?? "none")")
        if !notes.isEmpty { lines += ["", "Notes"] + notes.map { "  " + $0 } }
        lines += ["", "Heirloom \(version), \(Self.number(workSeconds, 1)) s of work"]
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: - Parts

    private var headLines: [String] {
        let used = recordings.count { $0.use == .used }
        var parts = ["\(sampleRate) Hz", depth]
        parts.insert(Self.clock(seconds), at: 0)
        if channelCount > 1 { parts.append("\(channelCount) channels") }
        if let loudness { parts.append("\(Self.number(loudness, 1)) LUFS") }
        if let truePeak { parts.append("peak \(Self.number(truePeak, 1)) dBTP") }
        if recordings.count > 1 { parts.append("from \(used) of \(recordings.count) recordings") }
        let name = outputs.count == 1 ? outputs[0] : "\(outputs.count) aligned files"
        return ["\(name): " + parts.joined(separator: ", ")]
    }

    private var recordingLines: [String] {
        let width = recordings.map(\.file.count).max() ?? 0
        return recordings.map { recording in
            let name = recording.file.padding(toLength: max(width, recording.file.count), withPad: " ", startingAt: 0)
            return "  \(name)  " + details(of: recording).joined(separator: ", ")
        }
    }

    private func details(of recording: Recording) -> [String] {
        var parts: [String] = []
        switch recording.use {
        case .used: parts.append(Self.role(isReference: recording.file == reference, of: recordings.count))
        case .placed: parts.append("aligned, not used")
        case .leftOut: parts.append("left out")
        }
        if let offset = recording.offset, recordings.count > 1, recording.use != .leftOut, recording.file != timeline {
            parts.append("offset \(Self.signed(offset, 3)) s")
            if let drift = recording.drift {
                let error = recording.driftError.map { " ± \(Self.number($0, 1))" } ?? ""
                parts.append("drift \(Self.signed(drift, 1))\(error) ppm")
            }
        }
        if recording.isInverted { parts.append("polarity inverted") }
        let lost = recording.jumps.count
        if lost > 0 { parts.append(lost == 1 ? "lost its place once" : "lost its place \(lost) times") }
        return parts + recording.reasons.prefix(1)
    }

    /// What a recording that is heard is among so many.
    static func role(isReference: Bool, of count: Int) -> String {
        count == 1 ? "cleaned" : isReference ? "the best microphone" : "used"
    }

    private var noteLines: [String] {
        var lines: [String] = []
        let scored = intervals.filter { $0.before != nil && $0.after != nil }
        if !scored.isEmpty {
            let total = scored.reduce(0) { $0 + $1.end - $1.start }
            let mean = { (value: (Interval) -> Double) in
                scored.reduce(0) { $0 + value($1) * ($1.end - $1.start) } / max(total, 1e-9)
            }
            lines.append(
                "  clarity of speech \(Self.number(mean { $0.before ?? 0 }, 2)) before, \(Self.number(mean { $0.after ?? 0 }, 2)) after"
            )
        }
        return lines + notes.map { "  note: " + $0 }
    }

    private static func line(_ interval: Interval) -> String {
        var text = "  \(clock(interval.start)) to \(clock(interval.end))  \(interval.method)"
        if !interval.files.isEmpty { text += ": " + interval.files.joined(separator: ", ") }
        if let before = interval.before, let after = interval.after {
            text += "; clarity of speech \(number(before, 2)) before, \(number(after, 2)) after"
        }
        return ([text] + interval.notes.map { "    " + $0 }).joined(separator: "\n")
    }

    // MARK: - Numbers

    static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    static func signed(_ value: Double, _ digits: Int) -> String { String(format: "%+.\(digits)f", value) }

    /// `1:02:03.4`, or `2:03.4` under an hour.
    static func clock(_ seconds: Double) -> String {
        let tenths = Int((max(seconds, 0) * 10).rounded())
        let (hours, minutes, rest) = (tenths / 36000, tenths / 600 % 60, Double(tenths % 600) / 10)
        return hours > 0
            ? String(format: "%d:%02d:%04.1f", hours, minutes, rest) : String(format: "%d:%04.1f", minutes, rest)
    }
}
