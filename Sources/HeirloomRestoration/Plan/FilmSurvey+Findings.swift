import HeirloomMedia

extension FilmSurvey {
    /// What was found in the file, as sentences: what was assumed, what is uneven, what is damaged, what else is in it.
    public var findings: [String] {
        var found = readerNotes
        found += timing
        if !isWhole, !damage.isEmpty {
            found += damage.sentences.map { "In the parts that were looked at: " + $0 }
        } else {
            found += damage.sentences
        }
        found += others
        return found
    }

    /// What the timestamps tell.
    private var timing: [String] {
        var found: [String] = []
        let missing = packets.packets.count { $0.pts == nil }
        if missing > 0 {
            found.append(
                "\(missing) of \(packets.packets.count) frames have no timestamp; they are set from their neighbours.")
        }
        let times = packets.packets.compactMap(\.pts)
        if let first = times.first, first < 0 {
            found.append("The film's first timestamp is negative; it is kept where the container can hold it.")
        }
        let steps = zip(times, times.dropFirst()).map { $1 - $0 }
        let sorted = steps.sorted()
        guard let usual = sorted.isEmpty ? nil : sorted[sorted.count / 2], usual > 0 else { return found }
        func milliseconds(_ ticks: Int64) -> String {
            "\(Int((MediaTime(ticks, packets.timeBase).seconds * 1000).rounded())) ms"
        }
        let uneven = steps.count {
            abs($0 - usual) * 10 > usual && abs($0 - usual) > Self.ticks(0.002, packets.timeBase)
        }
        if uneven * 20 > steps.count, let shortest = sorted.first, let longest = sorted.last {
            found.append(
                "Frames come at uneven distances, \(milliseconds(shortest)) to \(milliseconds(longest))"
                    + " (variable frame rate); every timestamp is kept.")
            return found
        }
        let gaps = zip(times, steps).filter { Double($1) > 2.5 * Double(usual) }
        if let widest = gaps.max(by: { $0.1 < $1.1 }) {
            let place = (MediaTime(widest.0, packets.timeBase) - packets.start).seconds
            found.append(
                "There \(gaps.count == 1 ? "is a gap" : "are \(gaps.count) gaps") between frames, the widest of"
                    + " \(milliseconds(widest.1)) at \(PlanSheet.clock(place)); frames before gaps stay longer, as they do now."
            )
        }
        return found
    }

    private static func ticks(_ seconds: Double, _ base: Rational) -> Int64 {
        MediaTime(seconds: seconds).rescaled(to: base).value
    }

    /// What is in the file beside the picture.
    private var others: [String] {
        func list(_ kind: StreamSummary.Kind, _ name: String) -> String? {
            let streams = streams(kind)
            guard !streams.isEmpty else { return nil }
            let facts = streams.map { stream in
                ([stream.codec]
                    + [stream.sound?.channelLayout, stream.language.flatMap { $0 == "und" ? nil : $0 }].compactMap(
                        \.self))
                    .joined(separator: " ")
            }
            return "\(streams.count) \(name)\(streams.count == 1 ? "" : "s") (\(facts.joined(separator: "; ")))"
        }
        var parts = [
            list(.audio, "sound track"), list(.subtitle, "subtitle track"), list(.video, "further picture track"),
            list(.cover, "cover"), list(.attachment, "attachment"),
        ].compactMap(\.self)
        let chapters = summary.chapters.count
        if chapters > 0 { parts.append("\(chapters) chapter\(chapters == 1 ? "" : "s")") }
        guard !parts.isEmpty else { return ["There is no sound and nothing else beside the picture."] }
        return [
            "Beside the picture there \(parts.count == 1 && !parts[0].hasPrefix("1 ") || parts.count > 1 ? "are" : "is") \(Self.joined(parts))."
        ]
    }

    private static func joined(_ parts: [String]) -> String {
        guard parts.count > 1 else { return parts.first ?? "" }
        return parts.dropLast().joined(separator: ", ") + " and " + parts[parts.count - 1]
    }
}
