import HeirloomMedia

/// What two files say about themselves, side by side: what is the same, what differs, what one of them lacks.
struct StreamTable {
    /// One fact.
    struct Row {
        /// What is stated.
        let name: String
        /// What the source states; nil where it does not.
        let before: String?
        /// What the result states.
        let after: String?

        /// In a word.
        var verdict: Verdict {
            switch (before, after) {
            case (nil, _?): .added
            case (_?, nil): .gone
            default: before == after ? .same : .differs
            }
        }
    }

    /// How two statements relate.
    enum Verdict: String {
        case same
        case differs
        case added = "new"
        case gone = "not there any more"
    }

    /// The facts of the file or of a stream in it.
    struct Group {
        /// "The film", "Sound 1".
        let title: String
        /// Its facts.
        let rows: [Row]
        /// Whether everything is as it was.
        var isSame: Bool { rows.allSatisfy { $0.verdict == .same } }
    }

    /// The file itself, the film, then everything else in the order of the source.
    let groups: [Group]

    /// Compares two files; streams of one kind are taken in their order.
    init(_ before: MediaSummary, _ after: MediaSummary) {
        var groups = [Group(title: "The file", rows: Self.rows(Self.facts(before), Self.facts(after)))]
        groups.append(
            Group(
                title: "The picture",
                rows: Self.rows(before.film.map(Self.facts) ?? [], after.film.map(Self.facts) ?? [])))
        let kinds: [(StreamSummary.Kind, String)] = [
            (.audio, "Sound"), (.subtitle, "Subtitles"), (.video, "Further picture"), (.cover, "Cover"),
            (.attachment, "Attachment"), (.data, "Data"),
        ]
        for (kind, title) in kinds {
            let (left, right) = (Self.others(before, kind), Self.others(after, kind))
            for index in 0..<max(left.count, right.count) {
                let number = max(left.count, right.count) > 1 ? " \(index + 1)" : ""
                let facts = [left, right].map { $0.indices.contains(index) ? Self.facts($0[index]) : [] }
                groups.append(Group(title: title + number, rows: Self.rows(facts[0], facts[1])))
            }
        }
        if !before.chapters.isEmpty || !after.chapters.isEmpty {
            groups.append(Group(title: "Chapters", rows: Self.rows(Self.chapters(before), Self.chapters(after))))
        }
        self.groups = groups
    }

    private typealias Fact = (name: String, value: String)

    private static func others(_ file: MediaSummary, _ kind: StreamSummary.Kind) -> [StreamSummary] {
        file.streams.filter { $0.kind == kind && $0.index != file.filmIndex }
    }

    /// Rows in the order of the first list, what only the second has behind it.
    private static func rows(_ before: [Fact], _ after: [Fact]) -> [Row] {
        let names = before.map(\.name) + after.map(\.name).filter { name in !before.contains { $0.name == name } }
        return names.map { name in
            Row(
                name: name, before: before.first { $0.name == name }?.value,
                after: after.first { $0.name == name }?.value)
        }
    }

    private static func facts(_ file: MediaSummary) -> [Fact] {
        var facts: [Fact] = [("container", file.container), ("size", ReportNumbers.bytes(file.byteCount))]
        if let duration = file.duration { facts.append(("length", duration.description)) }
        return facts + tags(file.metadata)
    }

    private static func facts(_ stream: StreamSummary) -> [Fact] {
        var facts: [Fact] = [("coding", [stream.codec, stream.profile].compactMap(\.self).joined(separator: ", "))]
        if let picture = stream.picture { facts += self.facts(picture) }
        if let sound = stream.sound {
            facts.append(("rate", "\(sound.sampleRate) Hz"))
            facts.append(("channels", "\(sound.channelCount) (\(sound.channelLayout))"))
        }
        if let start = stream.start { facts.append(("begins at", start.description)) }
        if let duration = stream.duration { facts.append(("length", duration.description)) }
        if !stream.dispositions.isEmpty {
            facts.append(("meant as", stream.dispositions.joined(separator: ", ")))
        }
        return facts + tags(stream.metadata)
    }

    private static func facts(_ picture: PictureSummary) -> [Fact] {
        let tagged = picture.taggedColor
        var facts: [Fact] = [
            ("size", "\(picture.width) × \(picture.height)"),
            ("shape of a sample", ratio(picture.sampleAspectRatio)),
            ("shape of the picture", ratio(picture.displayAspectRatio)),
            ("samples", "\(picture.pixelFormat), \(picture.bitDepth) bit"),
            ("colour", tagged.names),
            ("place of chroma", "\(tagged.chromaLocation)"),
            ("turned", picture.orientation),
            ("fields", picture.fieldOrder),
        ]
        if let rate = picture.averageFrameRate {
            facts.append(("frames in a second", ReportNumbers.fixed(rate.doubleValue, 3)))
        }
        return facts
    }

    private static func chapters(_ file: MediaSummary) -> [Fact] {
        file.chapters.enumerated().map { index, chapter in
            ("chapter \(index + 1)", "\(chapter.start) to \(chapter.end) \(chapter.title)")
        }
    }

    private static func tags(_ entries: [String: String]) -> [Fact] {
        entries.sorted { $0.key < $1.key }.map { ("tag: \($0.key)", $0.value) }
    }

    private static func ratio(_ value: Rational) -> String { "\(value.numerator):\(value.denominator)" }
}
