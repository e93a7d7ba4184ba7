/// What went into one stream of a film that was written, to be found again in the finished file.
public struct JoinedStream: Sendable, Hashable, Codable {
    /// The stream's position in the file.
    public var index: Int
    /// What it carries.
    public var kind: StreamSummary.Kind
    /// How many packets were written; 0 for attachments, which are in the header.
    public var packetCount: Int
    /// When the last of them begins; nil where there are none.
    public var last: MediaTime?

    /// Makes an entry.
    public init(index: Int, kind: StreamSummary.Kind, packetCount: Int, last: MediaTime?) {
        self.index = index
        self.kind = kind
        self.packetCount = packetCount
        self.last = last
    }
}
