public import HeirloomMedia

/// One finished segment: `000012.json` beside `000012.segment`; with this record the segment counts, without it nothing.
public struct SegmentRecord: Sendable, Codable {
    /// Which segment it is, counted from 0 over the whole film.
    public var number: Int
    /// The number of its first frame.
    public var firstFrame: Int
    /// Its frames with their times, in the order of display, and its bytes.
    public var summary: SegmentSummary
    /// SHA-256 of the segment's file.
    public var sha256: String
    /// Numbers of frames that the decoder called damaged.
    public var damaged: [Int]
    /// Numbers of frames that could not be treated and were passed on plainly.
    public var untreated: [Int]
    /// Shots that begin in the segment; their lengths are those of the whole film's account, made later.
    public var shots: [Shot]
}

/// The film's end was reached: `end.json`.
struct FilmEnd: Sendable, Codable {
    /// Frames of the whole film.
    var frames: Int
    /// What was damaged in it.
    var damage: DamageReport
}

/// The result is whole, verified and about to have its name: `delivery.json`.
struct Delivery: Sendable, Codable {
    /// The file that was verified; it is recognised under the target's name by this.
    var file: SourceIdentity
    /// The report.
    var report: FilmReport
}
