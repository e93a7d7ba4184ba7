/// A chapter mark.
public struct ChapterSummary: Sendable, Hashable, Codable {
    /// Where it starts.
    public var start: MediaTime
    /// Where it ends.
    public var end: MediaTime
    /// Its name; empty where it has none.
    public var title: String
}
