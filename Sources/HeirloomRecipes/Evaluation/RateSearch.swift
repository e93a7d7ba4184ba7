import HeirloomDatasets
import HeirloomTraining

/// A search for the learning rate of a task's first phase, as data; nothing of it stays in the network.
public struct RateSearch: Encodable, Sendable, Equatable {
    /// The rates that were tried, and the smoothed loss after each.
    public let rates: [Double], losses: [Double]
    /// The rate to train with; nil where the curve tells none.
    public let suggestion: Double?
    /// Where the loss falls most steeply, and a tenth of the rate with the smallest loss: other rules of thumb.
    public let steepest: Double?, minimumOverTen: Double?
    /// The rate of that phase in the recipe.
    public let recipeRate: Double
    /// Side of the pictures and pictures in a batch.
    public let size: Int, batchSize: Int
    private let result: LearningRateFinder.Result

    private enum CodingKeys: String, CodingKey {
        case rates, losses, suggestion, steepest, minimumOverTen, recipeRate, size, batchSize
    }

    /// Searches.
    ///
    /// - Parameters:
    ///   - task: gives the learner and the batches of its first phase.
    ///   - steps: how many rates are tried, from a hundredth of the recipe's to a hundred times that.
    ///   - progress: called before every step; throws to end the search.
    /// - Throws: what the data or the device throws; what `progress` throws.
    /// - Precondition: the task has a phase.
    public init(
        _ task: some TrainingTask, steps: Int = 100, seed: UInt64 = 1,
        progress: @escaping (_ completed: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws {
        guard let phase = task.phases.first else { preconditionFailure("a search for a rate without a phase") }
        let batches = WatchedBatches(task.batches(for: phase, batchSize: phase.batchSize, seed: seed)) {
            try progress($0, steps)
        }
        let finder = LearningRateFinder(start: phase.rate / 100, end: phase.rate * 100, steps: steps)
        result = try finder(try task.learner(for: phase, seed: seed), data: batches)
        rates = result.rates
        losses = result.losses
        suggestion = result.suggestion
        steepest = result.steepest
        minimumOverTen = result.minimumOverTen
        recipeRate = phase.rate
        (size, batchSize) = (phase.size, phase.batchSize)
    }

    /// The curve as a small table, and what it suggests, for a person.
    ///
    /// - Parameter rows: at most so many rates, spread evenly.
    public func lines(rows: Int = 14) -> [String] {
        precondition(rows > 1, "a table of \(rows) rows")
        let kept = min(rows, rates.count)
        let places = (0..<kept).map { kept == 1 ? 0 : $0 * (rates.count - 1) / (kept - 1) }
        let (least, most) = (losses.min() ?? 0, losses.max() ?? 1)
        var lines = ["\(size) px, batches of \(batchSize): rate and smoothed loss"]
        for place in places {
            let part = most > least ? (losses[place] - least) / (most - least) : 0
            lines.append(
                "  \(Self.text(rates[place]).leftPadded(to: 9))  \(Self.text(losses[place]).leftPadded(to: 9))  "
                    + String(repeating: "▇", count: 1 + Int(part * 40)))
        }
        if let suggestion {
            lines.append("suggested rate: \(Self.text(suggestion))")
        } else {
            lines.append("no rate is suggested: the loss does not fall clearly; the recipe's rate is the safer choice")
        }
        if let steepest { lines.append("  where it falls most steeply: \(Self.text(steepest))") }
        if let minimumOverTen { lines.append("  a tenth of the lowest point: \(Self.text(minimumOverTen))") }
        lines.append("  in the recipe: \(Self.text(recipeRate))")
        return lines
    }

    /// Writes the curve as an SVG picture.
    ///
    /// - Throws: `TrainingError` when the disk refuses.
    public func writePlot(to path: String) throws { try TrainingPlot(result).write(to: path) }

    /// Three digits: `0.00213`, `2.13e-05`.
    private static func text(_ value: Double) -> String {
        guard value.isFinite, value > 0 else { return "\(value)" }
        var (number, exponent) = (value, 0)
        while number >= 9.995 { (number, exponent) = (number / 10, exponent + 1) }
        while number < 0.9995 { (number, exponent) = (number * 10, exponent - 1) }
        let digits = Int((number * 100).rounded())
        let mantissa = "\(digits / 100).\(String(100 + digits % 100).dropFirst())"
        guard !(-4...3).contains(exponent) else {
            let scale = (0..<abs(exponent)).reduce(1.0) { power, _ in power * 10 }
            let whole = Double(digits) / 100
            let plain = exponent < 0 ? whole / scale : whole * scale
            return String(describing: (plain * 1e9).rounded() / 1e9)
        }
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(abs(exponent) < 10 ? "0" : "")\(abs(exponent))"
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}

/// Batches that say how many were asked for, and can be told to end.
private final class WatchedBatches: BatchSource {
    private let source: any BatchSource
    private let watch: (Int) throws -> Void
    private var asked = 0

    var batchesPerEpoch: Int { source.batchesPerEpoch }

    init(_ source: any BatchSource, watch: @escaping (Int) throws -> Void) {
        self.source = source
        self.watch = watch
    }

    func batch(epoch: Int, position: Int) throws -> Batch {
        try watch(asked)
        asked += 1
        return try source.batch(epoch: epoch, position: position)
    }
}
