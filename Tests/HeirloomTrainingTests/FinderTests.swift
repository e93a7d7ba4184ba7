import Foundation
import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors
@testable import HeirloomTraining
import TestSupport
import Testing

@Suite struct FinderTests {
    struct Failure: Error {}

    /// A learner in the middle of a training, with momenta and a used generator.
    private func started() throws -> Learner {
        let learner = noisyLearner(tinyNetwork())
        try learner.fit(LinearBatches(), plan: steps(5))
        return learner
    }

    @Test(arguments: [false, true])
    func leavesNoTrace(mode: Bool) throws {
        let learner = try started()
        let callback = Hooks()
        var calls = 0
        callback.afterBatch = { _ in calls += 1 }
        callback.afterStep = { _ in calls += 1 }
        learner.callbacks = [callback]
        learner.model.train(mode)
        learner.optimizer.parameters[1].requireGradient(false)
        let before = copies(learner.state())
        let result = try LearningRateFinder(steps: 40)(learner, data: LinearBatches(size: 64))
        #expect(result.rates.count > 20 && result.rates.count == result.losses.count)
        #expect(differences(copies(learner.state()), before) == [])
        #expect(learner.model.isTraining == mode && learner.position.steps == 5 && calls == 0)
        #expect(learner.callbacks.count == 1 && learner.callbacks[0] === callback)
        #expect(learner.optimizer.parameters.map(\.requiresGradient) == [true, false])
        #expect(learner.optimizer.parameters.allSatisfy { $0.gradient == nil })
        // The training goes on as one without the search.
        learner.optimizer.parameters[1].requireGradient()
        try learner.fit(LinearBatches(), plan: steps(3))
        let other = try started()
        try other.fit(LinearBatches(), plan: steps(3))
        #expect(differences(copies(learner.state()), copies(other.state())) == [])
    }

    @Test func leavesNoTraceWhenTheDataFail() throws {
        let learner = try started()
        let before = copies(learner.state())
        let source = LinearBatches(batchesPerEpoch: 50, size: 64)
        source.change = { _, position, _ in if position == 7 { throw Failure() } }
        #expect(throws: Failure.self) { _ = try LearningRateFinder()(learner, data: source) }
        #expect(differences(copies(learner.state()), before) == [])
        #expect(!learner.model.isTraining)
    }

    @Test func endsWhereTheLossExplodes() throws {
        let learner = plainLearner(tinyNetwork())
        let result = try LearningRateFinder(start: 1e-4, end: 1e6, steps: 100)(learner, data: LinearBatches(size: 64))
        #expect(result.rates.count < 100)
        let (last, smallest) = (try #require(result.losses.last), try #require(result.losses.min()))
        #expect(last > 4 * smallest || result.rates.count < 60)
        let steepest = try #require(result.steepest)
        // gradient descent on this problem diverges above about 1
        #expect((1e-4...2).contains(steepest))
    }

    @Test func judgesTheInnerPartOfTheCurve() {
        let rates = (0..<60).map { pow(10, Double($0) / 10 - 5) }
        var losses = (0..<60).map { 2 - 0.01 * Double($0) }
        losses[3] = -5  // noise at the beginning
        losses[58] = -9  // and at the end
        for index in 30..<60 { losses[index] -= 0.5 }  // the steepest fall is from 29 to 30
        for index in 45..<58 { losses[index] += 3 }
        let result = LearningRateFinder.judged(rates: rates, losses: losses)
        #expect(result.steepest == rates[29] || result.steepest == rates[30])
        #expect(result.minimumOverTen == rates[44] / 10)
        let short = LearningRateFinder.judged(rates: Array(rates.prefix(12)), losses: Array(losses.prefix(12)))
        #expect(short.steepest == nil && short.minimumOverTen == nil && short.rates.count == 12)
    }

    struct Curves: Decodable {
        struct Curve: Decodable { let rates: [Double], losses: [Double], steepest: Double, valley: Double }
        let curves: [Curve]
    }

    @Test func suggestionsAreFastais() throws {
        let all = try JSONDecoder().decode(Curves.self, from: Data(Fixture.bytes("training/finder.json")))
        #expect(all.curves.count == 6)
        for curve in all.curves {
            let result = LearningRateFinder.judged(rates: curve.rates, losses: curve.losses)
            #expect(result.steepest == curve.steepest && result.valley == curve.valley)
            #expect(result.suggestion == curve.valley)
        }
    }

    /// Losses that fall around 2e-3 and explode from 0.5 on, with the noise of small batches.
    private func noisyCurve(seed: UInt64, steps: Int, noise: Double) -> LearningRateFinder.Result {
        let finder = LearningRateFinder(start: 1e-6, end: 10, steps: steps)
        let draws = Tensor.normal([steps], using: Generator(seed: seed)).floats
        var smoothing = SmoothedLoss()
        var (rates, losses): ([Double], [Double]) = ([], [])
        for step in 0..<steps {
            let rate = finder.rate(step: step)
            let fall = 0.6 / (1 + pow(2e-3 / rate, 1.5))
            losses.append(smoothing.add(1 - fall + pow(rate / 0.5, 2) + noise * Double(draws[step])))
            rates.append(rate)
            if losses[step] > 4 * (losses.min() ?? 0) { break }
        }
        return LearningRateFinder.judged(rates: rates, losses: losses)
    }

    @Test(arguments: [(100, 0.05), (60, 0.05), (40, 0.05), (60, 0.15)])
    func theSuggestionDoesNotFollowNoise(steps: Int, noise: Double) throws {
        for seed in 0..<60 {
            let result = noisyCurve(seed: UInt64(seed), steps: steps, noise: noise)
            let rate = try #require(result.suggestion)
            // From where the loss begins to fall to well below where it explodes.
            #expect((1e-5...0.1).contains(rate), "seed \(seed): \(rate)")
        }
    }

    @Test func aCurveThatDoesNotFallSuggestsNothing() {
        let rates = (0..<60).map { pow(10, Double($0) / 10 - 5) }
        let flat = LearningRateFinder.judged(rates: rates, losses: rates.map { _ in 1 })
        #expect(flat.suggestion == nil)
        #expect(LearningRateFinder.judged(rates: rates, losses: rates.map { 1 + $0 }).suggestion == nil)
        #expect(LearningRateFinder.judged(rates: [], losses: []).suggestion == nil)
        #expect(LearningRateFinder.judged(rates: [1, 2], losses: [2, 1]).suggestion == nil)
        // A short curve that does.
        let short = (0..<8).map { Double(8 - $0) }
        #expect(LearningRateFinder.judged(rates: Array(rates.prefix(8)), losses: short).suggestion != nil)
    }
}
