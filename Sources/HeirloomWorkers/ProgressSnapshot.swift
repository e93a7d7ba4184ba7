/// How far some work is at one moment: what a progress bar, a log line or a JSON record is made of.
public struct ProgressSnapshot: Sendable, Equatable {
    /// What is counted, in the plural: "frames".
    public let unit: String
    /// How many are finished.
    public let completed: Int
    /// How many there will be; nil where nobody knows. May prove wrong: films lie about their length.
    public let total: Int?
    /// Units per second over the recent window, 0 when nothing moved in it; nil before the first is finished.
    public let rate: Double?
    /// Time since the meter was made.
    public let elapsed: Duration
    /// Physical memory of this process, in bytes; nil where the system does not tell.
    public let residentBytes: Int?

    /// A snapshot from its parts.
    public init(
        unit: String, completed: Int, total: Int?, rate: Double?, elapsed: Duration, residentBytes: Int?
    ) {
        self.unit = unit
        self.completed = completed
        self.total = total
        self.rate = rate
        self.elapsed = elapsed
        self.residentBytes = residentBytes
    }

    /// The finished share, 0...1; nil without a total.
    public var fraction: Double? {
        guard let total else { return nil }
        return total > 0 ? min(1, Double(completed) / Double(total)) : 1
    }

    /// Time until the end at the present rate; nil without a total or while nothing moves.
    public var remaining: Duration? {
        guard let total else { return nil }
        if completed >= total { return .zero }
        guard let rate, rate > 0 else { return nil }
        return .seconds(Double(total - completed) / rate)
    }
}
