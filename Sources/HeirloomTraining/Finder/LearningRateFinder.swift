import Foundation
public import HeirloomDatasets
import HeirloomLayers
import HeirloomTensors

/// Tries rising learning rates for a step each and finds the largest that still helps (Smith 2017, the range test; as
/// fastai runs it, Howard & Gugger 2020).
///
/// It leaves no trace: network (a whole ``AdversarialPair`` with its turn), optimizer, generators, loss scale and mode
/// are as before, also when it throws; callbacks, and with them averages, see nothing of it.
public struct LearningRateFinder: Sendable {
    /// What was tried and found.
    public struct Result: Sendable, Equatable {
        /// The rates tried, and the smoothed loss after each.
        public var rates: [Double], losses: [Double]
        /// fastai 1's suggestion: where the smoothed loss falls most steeply; nil when the curve was too short to tell.
        /// A single noisy batch can move it by orders of magnitude.
        public var steepest: Double?
        /// A tenth of the rate with the smallest loss.
        public var minimumOverTen: Double?
        /// fastai 2's suggestion: half of the way down the longest valley of the curve; nil when the loss never fell.
        public var valley: Double?

        /// The rate to train with: the valley, which does not follow noise; nil when the curve does not tell one.
        public var suggestion: Double? { valley }
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
        let largest = learner.optimizer.groups.map(\.rate).max() ?? 1
        var smoothing = SmoothedLoss()
        var rates: [Double] = []
        var losses: [Double] = []
        try learner.withoutTrace {
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

    /// What a curve suggests. The first tenth of the points and the last five are noise and divergence.
    static func judged(rates: [Double], losses: [Double]) -> Result {
        var result = Result(rates: rates, losses: losses)
        result.valley = valley(rates: rates, losses: losses)
        guard losses.count > 17 else { return result }
        let range = 10..<(losses.count - 5)
        // The slope is numpy's: over both neighbours, at the ends over one.
        func slope(_ index: Int) -> Double {
            let (before, after) = (max(index - 1, range.lowerBound), min(index + 1, range.upperBound - 1))
            return (losses[after] - losses[before]) / Double(after - before)
        }
        result.steepest = range.min { slope($0) < slope($1) }.map { rates[$0] }
        result.minimumOverTen = range.min { losses[$0] < losses[$1] }.map { rates[$0] / 10 }
        return result
    }

    /// The rate in the middle third of the longest falling subsequence.
    private static func valley(rates: [Double], losses: [Double]) -> Double? {
        let range = (losses.count / 10)..<max(losses.count - min(5, losses.count / 4), losses.count / 10)
        let part = Array(losses[range])
        guard part.count > 4, let first = part.first, let least = part.min(), first - least > 0.01 * abs(first) else {
            return nil
        }
        // lengths[i]: points of the longest falling subsequence that ends at i.
        var lengths = Array(repeating: 1, count: part.count)
        for end in part.indices {
            for before in 0..<end where part[before] > part[end] {
                lengths[end] = max(lengths[end], lengths[before] + 1)
            }
        }
        guard let longest = lengths.max(), let end = lengths.firstIndex(of: longest) else { return nil }
        let start = max(end - longest, 0)
        let third = Double(end - start) / 3
        return rates[range.lowerBound + start + Int(third) + Int(third / 2)]
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
