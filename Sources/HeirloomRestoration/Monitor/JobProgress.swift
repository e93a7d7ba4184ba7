/// How far a job is at one moment.
public struct JobProgress: Sendable, Equatable {
    /// The file being worked on, as the user named it.
    public var item: String
    /// Which of the files it is, from 0.
    public var itemIndex: Int
    /// How many files there are.
    public var itemCount: Int
    /// What is counted, in the plural: "frames", "pictures".
    public var unit: String
    /// How many are finished.
    public var completed: Int
    /// How many there will be; nil where nobody knows. May prove wrong: films lie about their length.
    public var total: Int?
    /// Units per second lately; nil before the first is finished.
    public var rate: Double?
    /// Time since the work on this item (or on the row of pictures) began.
    public var elapsed: Duration
    /// Time until the end at the present rate; nil where unknown.
    public var remaining: Duration?
    /// The finished share, 0...1; nil without a total.
    public var fraction: Double?
    /// Physical memory of this process, in bytes; nil where the system does not tell.
    public var residentBytes: Int?
}
