/// A marked place of a recording.
public struct AudioCue: Sendable, Hashable, Codable {
    /// The sample that is marked.
    public var position: Int
    /// What the mark says; empty where it has no words.
    public var name: String

    /// Makes a mark.
    public init(position: Int, name: String = "") {
        self.position = position
        self.name = name
    }
}
