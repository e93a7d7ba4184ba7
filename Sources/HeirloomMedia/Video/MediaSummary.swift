/// What a film, a picture track or a sound file is made of, without decoding it: for `heirloom info` and for logs.
public struct MediaSummary: Sendable, Hashable, Codable {
    /// The file, as the caller named it.
    public var path: String
    /// Bytes of the file.
    public var byteCount: Int64
    /// The container, for a person: "QuickTime / MOV".
    public var container: String
    /// The container's short names: "mov,mp4,m4a,3gp,3g2,mj2".
    public var formatName: String
    /// How long it is, as the container states or as its data suggest; nil where unknown.
    public var duration: MediaTime?
    /// When it starts on the clock of its timestamps.
    public var start: MediaTime
    /// Bits in a second on average; nil where unknown.
    public var bitRate: Int64?
    /// Title, date and so on, as the file spells them.
    public var metadata: [String: String]
    /// All streams, in the order of their indices.
    public var streams: [StreamSummary]
    /// All chapters, in order.
    public var chapters: [ChapterSummary]
    /// The index of the stream that is the film; nil where there is none.
    public var filmIndex: Int?

    /// The stream that is the film; nil where there is none.
    public var film: StreamSummary? { filmIndex.map { streams[$0] } }
}
