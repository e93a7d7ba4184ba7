/// What a finished segment holds.
public struct SegmentSummary: Sendable, Hashable, Codable {
    /// Its frames, in the order of display.
    public var frames: [SegmentFrame]
    /// Bytes of its file.
    public var byteCount: Int64

    /// Makes a summary.
    public init(frames: [SegmentFrame], byteCount: Int64) {
        self.frames = frames
        self.byteCount = byteCount
    }
}
