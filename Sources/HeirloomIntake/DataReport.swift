public import HeirloomDatasets

/// What a look at a collection of pictures found.
public struct DataReport: Sendable, Equatable, Codable {
    /// Pictures that are used.
    public internal(set) var usable = 0
    /// Files and folders that are not used, in the order in which they were met.
    public internal(set) var leftOut: [LeftOut] = []
    /// Files in the folders that are neither pictures nor archives, such as texts.
    public internal(set) var otherFiles = 0
    /// Used pictures in each group of the manifests; those without a group are not counted.
    public internal(set) var groups: [String: Int] = [:]
    /// Where the used pictures come from, with the licence as stated there, in the order in which they were met.
    public internal(set) var sources: [PackedMetadata.Source] = []
    /// What else is worth knowing, a sentence each.
    public internal(set) var notes: [String] = []
    /// What the used pictures are like, at the sizes that their files have; nil where none is used.
    public internal(set) var statistics: CollectionStatistics?

    /// What may disappoint whoever trains on these pictures, a sentence each; too few is said by ``verdict``.
    public var warnings: [String] { statistics?.warnings(groups: groups) ?? [] }

    /// Below this many pictures a network learns the pictures by heart rather than what colours things have.
    static let few = 200

    /// How many files were left out for one reason.
    public func count(_ reason: LeftOut.Reason) -> Int { leftOut.count { $0.reason == reason } }

    /// One or two sentences for a person: what will be used, what not, and whether it is enough.
    ///
    /// "412 of 431 pictures will be used; left out: 12 there twice, 4 without colour, 3 broken."
    public var verdict: String {
        let pictures = leftOut.filter { $0.reason != .archive && $0.reason != .closedFolder }
        let found = usable + pictures.count
        var text = usable == 0 ? "None" : usable == found && found > 1 ? "All" : "\(usable)"
        text += " of \(found) picture\(found == 1 ? "" : "s") will be used"
        let reasons = LeftOut.Reason.allCases.filter { count($0) > 0 }.sorted { count($0) > count($1) }
        if !reasons.isEmpty {
            text += "; left out: " + reasons.map { "\(count($0)) \($0.name)" }.joined(separator: ", ")
        }
        text += "."
        if usable > 0 && usable < Self.few {
            text +=
                " That is few: a model trained on fewer than \(Self.few) pictures mostly remembers them; add photographs, "
                + "or expect little beyond the model that it starts from."
        }
        return text
    }
}
