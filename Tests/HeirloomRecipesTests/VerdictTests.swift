@testable import HeirloomRecipes
import Testing

/// What is compared, and what is concluded.
@Suite struct VerdictTests {
    private let base = (0..<40).map { 1 + 0.1 * Double($0 % 7) }

    @Test func aClearGainIsBetter() {
        let verdict = Verdict(base: base, new: base.enumerated().map { $1 - 0.05 - 0.01 * Double($0 % 3) })
        #expect(verdict.isBetter && verdict.low > 0.04 && verdict.high < 0.08 && verdict.pictures == 40)
        #expect(verdict.score < verdict.baseScore && verdict.sentence.hasPrefix("better than the model"))
    }

    @Test func noiseIsNotBetter() {
        // The mean is a little smaller, by chance: half of the pictures gain, half lose.
        let verdict = Verdict(base: base, new: base.enumerated().map { $1 + ($0 % 2 == 0 ? 0.1 : -0.11) })
        #expect(verdict.score < verdict.baseScore && !verdict.isBetter && verdict.low < 0)
        #expect(verdict.sentence.hasPrefix("not better") && verdict.sentence.hasSuffix("that model is what was saved"))
    }

    @Test func worseIsNotBetter() {
        #expect(!Verdict(base: base, new: base.map { $0 + 0.05 }).isBetter)
    }

    @Test func anObjectionRefuses() {
        let verdict = Verdict(base: base, new: base.map { $0 - 0.5 }, objection: "the chroma error rose")
        #expect(!verdict.isBetter && verdict.low > 0 && verdict.sentence.contains("the chroma error rose"))
    }

    @Test func fewPicturesTellNothing() {
        let verdict = Verdict(base: [1, 1, 1], new: [0, 0, 0])
        #expect(!verdict.isBetter && verdict.sentence.contains("3 held-out pictures are too few"))
        #expect(!Verdict(base: [], new: []).isBetter)
        #expect(!Verdict(base: base, new: base.map { _ in .nan }).isBetter)
    }

    @Test func theSameScoresGiveTheSameVerdict() {
        let new = base.enumerated().map { $1 - 0.01 * Double($0 % 5) }
        #expect(Verdict(base: base, new: new) == Verdict(base: base, new: new))
        #expect(Verdict(base: base, new: new, seed: 1).low != Verdict(base: base, new: new, seed: 2).low)
    }
}

/// The memory of a stop rule.
@Suite struct StopHistoryTests {
    private func history(_ scores: [Double], objections: [Int: String] = [:]) -> StopHistory {
        var history = StopHistory()
        for (index, score) in scores.enumerated() {
            _ = history.take(step: 10 * index, score: score, objection: objections[index], summary: "")
        }
        return history
    }

    @Test func theBestIsKept() {
        let history = history([3, 2, 1.5, 1.6, 1.7, 1.55])
        #expect(history.best?.step == 20 && history.checks.map(\.isBest) == [true, true, true, false, false, false])
        #expect(history.isExhausted(patience: 3) && !history.isExhausted(patience: 4))
    }

    @Test func whatIsObjectedToIsNotBest() {
        let history = history([3, 1, 2], objections: [1: "too colourful"])
        #expect(history.best?.step == 20 && history.checks[1].objection == "too colourful")
    }

    @Test func nothingGoodEndsToo() {
        let history = history([.nan, .nan, .nan])
        #expect(history.best == nil && history.isExhausted(patience: 3) && !history.isExhausted(patience: 4))
    }

    /// Killed after the judgement at step 30 was written, before the checkpoint: resumed at step 20.
    @Test func aJudgementThatComesAgainCountsOnce() {
        let whole = history([3, 2, 2.5, 1, 1.2])
        var broken = history([3, 2, 2.5, 1])
        broken.forget(after: 20)
        #expect(broken.checks.count == 3 && broken.best?.step == 30)
        let again = broken.take(step: 30, score: 1, objection: nil, summary: "")
        let next = broken.take(step: 40, score: 1.2, objection: nil, summary: "")
        #expect(again && !next)
        #expect(broken == whole)
    }
}
