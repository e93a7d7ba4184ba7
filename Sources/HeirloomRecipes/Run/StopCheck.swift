/// One judgement of a stop rule.
public struct StopCheck: Codable, Sendable, Equatable {
    /// Steps of the phase before it.
    public var step: Int
    /// The mean score on the rule's pictures; smaller is better.
    public var score: Double
    /// Why the state cannot be the best although its score may be; nil when it can.
    public var objection: String?
    /// Whether it was the best so far.
    public var isBest: Bool
    /// The figures in a line.
    public var summary: String
}

/// The memory of a stop rule: what was seen, which was best, whether it is time to end.
struct StopHistory: Codable, Equatable {
    private(set) var checks: [StopCheck] = []
    private(set) var best: StopCheck?

    /// Takes a judgement in and tells whether it is the best so far.
    ///
    /// The same step may come again after a resume: it counts once, and the best stays the best.
    mutating func take(step: Int, score: Double, objection: String?, summary: String) -> Bool {
        forget(after: step - 1)
        let isBetter = score.isFinite && objection == nil && score < best?.score ?? .infinity
        let check = StopCheck(
            step: step, score: score, objection: objection, isBest: isBetter || step == best?.step, summary: summary)
        checks.append(check)
        if check.isBest { best = check }
        return check.isBest
    }

    /// Leaves out judgements that a resumed run has not come to yet; the best state is kept, whenever it was.
    mutating func forget(after step: Int) { checks.removeAll { $0.step > step } }

    /// Whether the last judgements were no new best.
    func isExhausted(patience: Int) -> Bool {
        guard let last = checks.lastIndex(where: \.isBest) else { return checks.count >= patience }
        return checks.count - 1 - last >= patience
    }
}
