import Foundation
public import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors

/// Tries rising learning rates for a few steps each and finds the largest that still helps (Smith 2017).
///
/// It leaves no trace: network, optimizer, generator, loss scale and mode are as before, also when it throws.
public struct LearningRateFinder: Sendable {
    /// What was tried and found.
    public struct Result: Sendable, Equatable {
        /// The rates tried, and the smoothed loss after each.
        public var rates: [Double], losses: [Double]
        /// Where the loss falls most steeply; nil when it was too short to tell.
        public var steepest: Double?
        /// A tenth of the rate with the smallest loss.
        public var minimumOverTen: Double?
    }

    /// First and last rate.
    public var start: Double, end: Double
    /// Steps from the first to the last rate.
    public var steps: Int
    /// Ends early once the smoothed loss exceeds this many times its smallest value.
    public var divergence: Double

    /// Describes a search; the defaults are fastai's.
    public init(start: Double = 1e-7, end: Double = 10, steps: Int = 100, divergence: Double = 4) {
        precondition(start > 0 && end > start && steps > 1 && divergence > 1, "a search from \(start) to \(end)")
        self.start = start
        self.end = end
        self.steps = steps
        self.divergence = divergence
    }

    /// The rate of a step.
    public func rate(step: Int) -> Double { Schedule.exponential(from: start, to: end)(Double(step) / Double(steps)) }

    /// Searches. Rates are those of the group with the largest one; the others keep their ratios to it.
    /// - Throws: What the data or the device throws.
    public func callAsFunction(_ learner: Learner, data: any BatchSource) throws -> Result {
        let saved = withoutGradients { learner.state().map { ($0.name, $0.tensor.detached().copied()) } }
        let callbacks = learner.callbacks
        let requiring = learner.model.namedParameters().map { ($0.tensor, $0.tensor.requiresGradient) }
        defer {
            learner.callbacks = callbacks
            learner.optimizer.clearGradients()
            for (tensor, requires) in requiring { tensor.requireGradient(requires) }
            do { try learner.load(Dictionary(uniqueKeysWithValues: saved)) } catch {
                fatalError("a learner refuses its own state: \(error)")
            }
        }
        learner.callbacks = []
        let largest = learner.optimizer.groups.map(\.rate).max() ?? 1
        var smoothing = SmoothedLoss()
        var rates: [Double] = []
        var losses: [Double] = []
        try learner.model.withTraining(true) {
            for step in 0..<steps {
                let batch = try data.batch(
                    epoch: step / data.batchesPerEpoch, position: step % data.batchesPerEpoch)
                let rate = rate(step: step)
                let done = try learner.step(batch, number: step, settings: StepSettings(rateFactor: rate / largest))
                let loss = smoothing.add(done.loss?.item() ?? .nan)
                guard loss.isFinite else { break }
                rates.append(rate)
                losses.append(loss)
                if loss > divergence * (losses.min() ?? loss) { break }
            }
        }
        return Self.judged(rates: rates, losses: losses)
    }

    /// What a curve suggests: the first ten points and the last five are noise and divergence.
    static func judged(rates: [Double], losses: [Double]) -> Result {
        var result = Result(rates: rates, losses: losses)
        guard losses.count > 17 else { return result }
        let range = 10..<(losses.count - 5)
        result.steepest = range.dropFirst().min { slope($0) < slope($1) }.map { rates[$0] }
        result.minimumOverTen = range.min { losses[$0] < losses[$1] }.map { rates[$0] / 10 }
        return result
        func slope(_ index: Int) -> Double { losses[index] - losses[index - 1] }
    }
}

/// A running mean of losses without the bias towards 0 at its start.
public struct SmoothedLoss: Sendable {
    private let beta: Double
    private var mean = 0.0
    private var count = 0

    /// Starts empty.
    public init(beta: Double = 0.98) { self.beta = beta }

    /// Takes a loss in and gives the smoothed one.
    public mutating func add(_ loss: Double) -> Double {
        count += 1
        mean = beta * mean + (1 - beta) * loss
        return mean / (1 - pow(beta, Double(count)))
    }
}
