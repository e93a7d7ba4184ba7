/// When a frame of a segment appears and how long it stays, in ticks of the film's time base.
public struct SegmentFrame: Sendable, Hashable, Codable {
    /// When it appears.
    public var pts: Int64
    /// How long it stays.
    public var duration: Int64

    /// Makes an entry.
    public init(pts: Int64, duration: Int64) {
        self.pts = pts
        self.duration = duration
    }
}
