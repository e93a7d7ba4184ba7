import HeirloomDatasets
import HeirloomTensors

/// Records losses and rates, reading the device only every few steps, and ends a fit whose loss is gone.
public final class Recorder: Callback {
    /// Figures over some steps.
    public struct Entry: Sendable, Codable, Equatable {
        /// Steps of the fit so far, epoch, and progress 0...1.
        public var step: Int, epoch: Int, progress: Double
        /// Seconds of the fit so far.
        public var seconds: Double
        /// Mean loss since the last entry.
        public var loss: Double
        /// Means of the parts of the loss, each over the steps that had it.
        public var figures: [String: Double]
        /// Largest rate of any group.
        public var rate: Double
        /// Samples per second since the last entry.
        public var samplesPerSecond: Double
        /// Steps left out so far because a gradient was not finite.
        public var skipped: Int
    }

    /// All entries of the fit.
    public private(set) var entries: [Entry] = []
    private let interval: Int
    private let report: ((Entry) -> Void)?
    private var sums: [String: (sum: Tensor, count: Int)] = [:]
    private var last: Step?
    private var watch = DivergenceWatch()
    private var count = 0
    private var samples = 0
    private var lastSeconds = 0.0

    /// Records every `interval` steps.
    /// - Parameter report: Gets each entry as it is made: progress display, JSON lines.
    public init(every interval: Int = 20, report: ((Entry) -> Void)? = nil) {
        precondition(interval > 0, "recording every \(interval) steps")
        self.interval = interval
        self.report = report
    }

    /// Starts to count anew.
    public func beforeFit(_ learner: Learner) throws {
        forget()
        watch = DivergenceWatch()
        lastSeconds = learner.position.seconds
    }

    /// Adds a batch and makes an entry when enough are together.
    /// - Throws: ``TrainingError`` with code `diverged`, a few steps after the loss became infinite or not a number in
    ///   three batches in a row, or when no gradient has been finite for many steps.
    public func afterBatch(_ learner: Learner, step: Step) throws {
        guard let loss = step.loss else { return }
        try watch.add(loss, step, learner)
        withoutGradients {
            for (name, value) in step.figures.merging(["": loss], uniquingKeysWith: { $1 }) {
                sums[name] = sums[name].map { ($0.sum + value.detached(), $0.count + 1) } ?? (value.detached(), 1)
            }
        }
        count += 1
        samples += step.batch.indices.isEmpty ? step.input.shape[0] : step.batch.indices.count
        last = step
        guard count == interval else { return }
        record(learner, step)
    }

    /// Makes an entry of the steps since the last one, so that a short fit is recorded too.
    public func afterFit(_ learner: Learner) throws {
        if count > 0, let last { record(learner, last) }
    }

    private func record(_ learner: Learner, _ step: Step) {
        // Reading the sums waits for the device; once per interval that costs nothing.
        let means = sums.mapValues { $0.sum.item() / Double($0.count) }
        let seconds = learner.position.seconds
        let entry = Entry(
            step: step.number + 1, epoch: step.epoch, progress: step.progress, seconds: seconds,
            loss: means[""] ?? .nan, figures: means.filter { !$0.key.isEmpty },
            rate: (learner.optimizer.groups.map(\.rate).max() ?? 0) * step.settings.rateFactor,
            samplesPerSecond: seconds > lastSeconds ? Double(samples) / (seconds - lastSeconds) : 0,
            skipped: Int(learner.skippedSteps.item()))
        entries.append(entry)
        lastSeconds = seconds
        forget()
        report?(entry)
    }

    private func forget() {
        last = nil
        sums = [:]
        count = 0
        samples = 0
    }
}
