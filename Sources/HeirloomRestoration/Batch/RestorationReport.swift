/// What became of one input.
public enum ItemOutcome: Sendable {
    /// A film was treated.
    case film(FilmReport)
    /// A picture was treated.
    case still(StillReport)
    /// It could not be done; nothing was written for it.
    case failed(input: String, error: any Error)

    /// The file that was read.
    public var input: String {
        switch self {
        case .film(let report): report.input
        case .still(let report): report.input
        case .failed(let input, _): input
        }
    }

    /// A few lines for a person.
    public var summary: String {
        switch self {
        case .film(let report): report.summary
        case .still(let report): report.summary
        case .failed(_, let error): "\(error)"
        }
    }
}

/// What became of a whole job over files.
public struct RestorationReport: Sendable {
    /// What became of every input, in order.
    public let outcomes: [ItemOutcome]
    /// Files in folders that were left alone.
    public let skipped: [RestorationPlan.Skipped]

    /// The inputs that could not be done, and why; the job has failed where there is one.
    public var failures: [(input: String, error: any Error)] {
        outcomes.compactMap { outcome in
            if case .failed(let input, let error) = outcome { (input, error) } else { nil }
        }
    }
}
