/// How good a network is on held-out pictures.
public protocol TrainingFigures: Codable, Sendable, Equatable {
    /// The figures in a line.
    var summary: String { get }
    /// One number for each held-out picture, in their order; smaller is better. For stop rules and verdicts.
    var scores: [Double] { get }
    /// Why these figures cannot replace others of the same pictures although their score is better; nil when they can.
    func objection(against base: Self) -> String?
}

extension TrainingFigures {
    /// Nothing but the score counts.
    public func objection(against base: Self) -> String? { nil }

    /// The mean of the scores: the number that a stop rule compares. Not a number without scores.
    public var score: Double { scores.isEmpty ? .nan : scores.reduce(0, +) / Double(scores.count) }
}
