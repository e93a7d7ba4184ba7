public import HeirloomDatasets

/// What was found in a collection of recordings.
public struct SoundReport: Sendable, Equatable, Codable {
    /// A file that is not used, and why.
    public struct LeftOut: Sendable, Equatable, Codable {
        /// The kind of reason.
        public enum Reason: String, Sendable, Codable, CaseIterable {
            /// It cannot be read.
            case broken
            /// It is too short to hold a word.
            case tooShort
            /// Nothing can be heard.
            case silent
            /// Its loudest samples are cut off.
            case clipped
            /// There is noise in its pauses, or there are none.
            case noisy
            /// Its high tones are missing, as over a telephone.
            case narrow
            /// The same sound came before.
            case duplicate
            /// It is an archive; what it holds was not looked at.
            case archive
            /// It is a folder that cannot be opened.
            case closedFolder

            /// The kind as a word or two: "broken", "too short".
            public var name: String {
                switch self {
                case .broken: "broken"
                case .tooShort: "too short"
                case .silent: "silent"
                case .clipped: "clipped"
                case .noisy: "too noisy to be a model of clean speech"
                case .narrow: "of telephone band"
                case .duplicate: "there twice"
                case .archive: "archives"
                case .closedFolder: "closed folders"
                }
            }
        }

        /// The file, as the caller named it or the folder it was found in.
        public let path: String
        /// The kind of reason.
        public let reason: Reason
        /// The reason in words: a clause without a full stop.
        public let detail: String
    }

    /// Recordings of which something is used.
    public internal(set) var usable = 0
    /// Clips made of them, and their length in seconds at the first rate.
    public internal(set) var clips = 0, seconds = 0.0
    /// Files that are not used, in the order in which they were met.
    public internal(set) var leftOut: [LeftOut] = []
    /// Files in the folders that are neither recordings nor archives.
    public internal(set) var otherFiles = 0
    /// Seconds in use of each family: talker or kind of sound.
    public internal(set) var families: [String: Double] = [:]
    /// Where they come from, with the licence as stated there; each counts its clips.
    public internal(set) var sources: [PackedMetadata.Source] = []
    /// What else is worth knowing, a sentence each.
    public internal(set) var notes: [String] = []

    /// Below this many seconds of speech a network learns the talkers rather than speech.
    static let little = 1800.0

    /// How many files were left out for one reason.
    public func count(_ reason: LeftOut.Reason) -> Int { leftOut.count { $0.reason == reason } }

    /// One or two sentences for a person: what will be used, what not, and whether it is enough.
    ///
    /// "412 of 431 recordings will be used (88 minutes); left out: 12 clipped, 7 there twice."
    public func verdict(for purpose: SoundIntakeOptions.Purpose) -> String {
        let files = usable + leftOut.count { $0.reason != .archive && $0.reason != .closedFolder }
        var text = usable == 0 ? "None" : usable == files && files > 1 ? "All" : "\(usable)"
        text += " of \(files) recording\(files == 1 ? "" : "s") will be used"
        if usable > 0 { text += " (\(Self.duration(seconds)))" }
        let reasons = LeftOut.Reason.allCases.filter { count($0) > 0 }.sorted { count($0) > count($1) }
        if !reasons.isEmpty {
            text += "; left out: " + reasons.map { "\(count($0)) \($0.name)" }.joined(separator: ", ")
        }
        text += "."
        if purpose == .speech, usable > 0, seconds < Self.little {
            text +=
                " That is little: with less than half an hour of clean speech a model learns these voices rather than "
                + "speech; add recordings of other people."
        }
        return text
    }

    /// The findings as lines for a person.
    ///
    /// - Parameter named: how many of the left out files are named, each in a line.
    public func lines(for purpose: SoundIntakeOptions.Purpose, naming named: Int = 20) -> [String] {
        var lines = [verdict(for: purpose)]
        func add(_ name: String, _ text: String) {
            lines.append("  " + name + String(repeating: " ", count: max(1, 12 - name.count)) + text)
        }
        let ordered = families.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        for (index, family) in ordered.prefix(24).enumerated() {
            add(index == 0 ? "families" : "", "\(family.key): \(Self.duration(family.value))")
        }
        if ordered.count > 24 { add("", "… and \(ordered.count - 24) more") }
        for (index, source) in sources.prefix(12).enumerated() {
            add(index == 0 ? "from" : "", "\(source.name): \(source.count) clips (licence: \(source.licence))")
        }
        if sources.count > 12 { add("", "… and \(sources.count - 12) more origins") }
        if otherFiles > 0 { add("passed over", otherFiles == 1 ? "1 other file" : "\(otherFiles) other files") }
        lines += notes.map { "note: " + $0 }
        if purpose == .speech, families.count == 1, seconds > 60 {
            lines.append(
                "warning: All speech is of one family: a model learns that voice; add other people, "
                    + "each in a folder.")
        }
        lines += leftOut.prefix(named).map { "left out: \($0.path): \($0.detail)" }
        if leftOut.count > named { lines.append("… and \(leftOut.count - named) more") }
        return lines
    }

    /// `45 seconds`, `88 minutes`.
    static func duration(_ seconds: Double) -> String {
        seconds < 120 ? "\(Int(seconds.rounded())) seconds" : "\(Int((seconds / 60).rounded())) minutes"
    }
}
