import Foundation
public import HeirloomDatasets
import HeirloomLayers
public import HeirloomModels
public import HeirloomTensors
import HeirloomTraining

/// Runs a colour recipe from the first phase to the saved model, with checkpoints and exact resume.
public final class ColorTraining {
    /// How long a run is; its phases take their shares.
    public enum Length: Sendable, Equatable {
        /// Passes over the pictures: the same data and seed give the same weights.
        case epochs(Double)
        /// Time; a slower machine takes fewer steps.
        case minutes(Double)
        /// Optimizer steps in all.
        case steps(Int)
    }

    /// What a run is asked for.
    public struct Options: Sendable {
        /// The recipe.
        public var recipe: ColorRecipe
        /// How long.
        public var length: Length
        /// Where it computes.
        public var device: Device
        /// Mixed precision, or nil for float32.
        public var precision: DType?
        /// Seed of data order, crops, first weights and degradation.
        public var seed: UInt64
        /// Where the model goes.
        public var output: String
        /// Seconds between checkpoints.
        public var checkpointSeconds: Double
        /// Seconds between snapshots of the averaged network beside the output, or nil for none.
        public var snapshotSeconds: Double?
        /// What the record says about the encoder's first weights.
        public var startingWeights: String
        /// The licence that the saved weights carry.
        public var licence: String

        /// Sets the options.
        public init(
            recipe: ColorRecipe = .colorize, length: Length, output: String, device: Device = .cpu,
            precision: DType? = nil, seed: UInt64 = 1, checkpointSeconds: Double = 60, snapshotSeconds: Double? = nil,
            startingWeights: String = "EfficientNet-Lite0, ImageNet", licence: String = "for research and evaluation"
        ) {
            self.recipe = recipe
            self.length = length
            self.output = output
            self.device = device
            self.precision = precision
            self.seed = seed
            self.checkpointSeconds = checkpointSeconds
            self.snapshotSeconds = snapshotSeconds
            self.startingWeights = startingWeights
            self.licence = licence
        }
    }

    /// What happens in a run.
    public enum Event {
        /// A phase begins or goes on.
        case phase(index: Int, of: Int, ColorRecipe.Phase)
        /// Steps were done.
        case progress(TrainingProgress)
        /// A phase was judged.
        case validated(phase: Int, ColorFigures)
        /// A model was written.
        case saved(path: String)
    }

    /// The options.
    public let options: Options
    private let data: Split
    private let network: ColorUNet
    private let features: FeatureLoss?
    private let classifier: EfficientNetLite?
    private let averages: ExponentialMovingAverage
    private let plan: ColorRunPlan
    private var record: RunRecord
    /// Told what happens.
    public var report: (Event) -> Void = { _ in }
    /// Asked after every batch; true saves a checkpoint and ends the run.
    public var isInterrupted: () -> Bool = { false }

    /// The checkpoint of a run, beside its output.
    public static func checkpointPath(output: String) -> String { output + ".checkpoint" }

    /// Prepares a run.
    /// - Parameters:
    ///   - encoder: EfficientNet-Lite0 with ImageNet weights: the encoder's first weights and the feature loss.
    ///   - classifier: Another EfficientNet-Lite with ImageNet weights for the recognition figures, or nil.
    public init(_ options: Options, data: Split, encoder: EfficientNetLite, classifier: EfficientNetLite? = nil) {
        self.options = options
        self.data = data
        let device = options.device
        network = ColorUNet(ColorUNetConfiguration(), using: Generator(seed: options.seed))
        network.loadEncoder(from: encoder)
        network.to(device: device, format: .channelsLast)
        encoder.to(device: device, format: .channelsLast)
        classifier?.to(device: device, format: .channelsLast)
        features = options.recipe.loss.featureWeight > 0 ? FeatureLoss(encoder) : nil
        self.classifier = classifier
        averages = ExponentialMovingAverage(of: network, decay: options.recipe.averageDecay)
        plan = ColorRunPlan(recipe: options.recipe, length: options.length, pictures: data.training.count)
        record = RunRecord(options, data: data)
    }

    /// Trains to the end and writes the model.
    /// - Parameter resume: Goes on from the checkpoint beside the output; without one there the run starts anew.
    /// - Returns: The record that the model carries, or nil when ``isInterrupted`` ended the run: it resumes.
    /// - Throws: `TrainingError`, `DatasetError` or `TorchError` when files or the device fail.
    @discardableResult
    public func run(resume: Bool = false) throws -> RunRecord? {
        let path = Self.checkpointPath(output: options.output)
        let identity = try identity()
        var checkpoint: CheckpointSaver.Checkpoint?
        if resume, FileManager.default.fileExists(atPath: path) {
            let found = try CheckpointSaver.read(path)
            guard found.header.identity == identity else {
                throw TrainingError(
                    code: .unfittingState,
                    reason:
                        "\(path) belongs to a run with other pictures or settings; repeat its options, or start anew")
            }
            checkpoint = found
            record.phases = try Self.phases(in: found)
        }
        let phases = options.recipe.phases
        for index in (checkpoint?.header.phase ?? 0)..<phases.count {
            report(.phase(index: index, of: phases.count, phases[index]))
            do {
                try run(phase: index, from: checkpoint, identity: identity, path: path)
            } catch let error as TrainingError where error.code == .interrupted {
                return nil
            }
            checkpoint = nil
        }
        try write(to: options.output)
        try? FileManager.default.removeItem(atPath: path)
        return record
    }

    /// The phases that were done when a checkpoint was saved.
    private static func phases(in checkpoint: CheckpointSaver.Checkpoint) throws -> [RunRecord.Phase] {
        guard let notes = checkpoint.header.notes else { return [] }
        return try JSONDecoder().decode([RunRecord.Phase].self, from: Data(notes.utf8))
    }

    private func run(
        phase index: Int, from checkpoint: CheckpointSaver.Checkpoint?, identity: String, path: String
    ) throws {
        let phase = options.recipe.phases[index]
        let phaseSeed = options.seed &+ UInt64(index) &* 1_000_003
        let learner = Learner(
            recipe: options.recipe, phase: phase, network: network, features: features, device: options.device,
            precision: options.precision, seed: phaseSeed)
        let batches = PictureBatches(
            store: data.store, pictures: data.training,
            options: .init(
                size: phase.size, batchSize: phase.batchSize, smallestCrop: options.recipe.smallestCrop, lookAhead: 4),
            seed: phaseSeed, weights: options.recipe.groupWeights)
        try checkpoint?.restore(learner, averages: averages)
        let recorder = Recorder(every: 20) { [unowned self] entry in
            let (fraction, left) = plan.progress(phase: index, entry: entry)
            report(
                .progress(
                    TrainingProgress(
                        entry, phase: index, phases: options.recipe.phases.count, fraction: fraction,
                        secondsLeft: left)))
        }
        let saver = CheckpointSaver(
            path: path, everySeconds: options.checkpointSeconds, averages: averages, phase: index, identity: identity,
            notes: String(decoding: try JSONEncoder().encode(record.phases), as: UTF8.self),
            isInterrupted: isInterrupted)
        learner.callbacks = [EncoderFreeze(network, for: phase.frozenPart), averages, recorder]
        if let seconds = options.snapshotSeconds {
            let snapshots = Periodic(seconds: seconds) { [unowned self] in
                try write(to: options.output + ".snapshot.safetensors")
            }
            learner.callbacks.append(snapshots)
        }
        learner.callbacks.append(saver)
        try learner.fit(batches, plan: plan.fit(phase: index), from: checkpoint?.header.position ?? FitPosition())
        finish(phase: index, learner: learner, recorder: recorder)
    }

    private func finish(phase index: Int, learner: Learner, recorder: Recorder) {
        let phase = options.recipe.phases[index]
        let validation = Array(data.validation.prefix(64))
        let figures = averages.withAverages {
            validation.isEmpty
                ? nil
                : ColorEvaluation(classifier: classifier, device: options.device)
                    .figures(of: network, on: data.store, pictures: validation)
        }
        let last = recorder.entries.last
        record.phases.append(
            RunRecord.Phase(
                size: phase.size, batchSize: phase.batchSize, steps: learner.position.steps,
                seconds: learner.position.seconds.rounded(), pictures: learner.position.steps * phase.batchSize,
                loss: last?.loss ?? 0, lossParts: last?.figures ?? [:], skippedSteps: last?.skipped ?? 0,
                validation: figures))
        if let figures { report(.validated(phase: index, figures)) }
    }

    private func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(record), as: UTF8.self)
        try averages.withAverages {
            try ModelFile.write(
                network, to: path, task: "colorize", licence: options.licence, trainingRecord: text)
        }
        report(.saved(path: path))
    }

    /// What a checkpoint and a resumed run must have in common.
    private func identity() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let recipe = String(decoding: try encoder.encode(options.recipe), as: UTF8.self)
        return "\(recipe) \(options.length) seed \(options.seed) \(options.precision?.description ?? "float32") "
            + "\(data.store.count) pictures, \(data.training.count) to train on"
    }
}

/// Does something at most every so many seconds, between two steps.
final class Periodic: Callback {
    private let seconds: Double
    private let body: () throws -> Void
    private var last = 0.0

    init(seconds: Double, _ body: @escaping () throws -> Void) {
        self.seconds = seconds
        self.body = body
    }

    func beforeFit(_ learner: Learner) throws { last = learner.position.seconds }

    func afterBatch(_ learner: Learner, step: Step) throws {
        guard learner.position.seconds - last >= seconds else { return }
        last = learner.position.seconds
        try body()
    }
}
