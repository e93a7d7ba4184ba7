public import HeirloomTensors

/// What a training run is asked for, whatever its task.
public struct TrainingOptions: Sendable {
    /// How long a run is; its phases take their shares.
    public enum Length: Sendable, Equatable {
        /// Passes over the pictures: the same data and seed give the same weights.
        case epochs(Double)
        /// Time; a slower machine takes fewer steps.
        case minutes(Double)
        /// Optimizer steps in all.
        case steps(Int)
    }

    /// How long.
    public var length: Length
    /// Where the model goes; checkpoint, log, plot and preview stand beside it.
    public var output: String
    /// Where it computes, for the record.
    public var device: Device
    /// Mixed precision, for the record; nil for float32.
    public var precision: DType?
    /// Seed of data order, crops, first weights and degradation.
    public var seed: UInt64
    /// Seconds between checkpoints.
    public var checkpointSeconds: Double
    /// Seconds between snapshots of the averaged network beside the output, or nil for none.
    public var snapshotSeconds: Double?
    /// Seconds between preview sheets beside the output, or nil for none; phases end with one too.
    public var previewSeconds: Double?
    /// Whether a log (JSON lines) and a plot (SVG) are written beside the output.
    public var keepsLog: Bool
    /// Searches the rate before the first phase of a new run and scales the rates of all generator phases by what it
    /// finds.
    public var findsRate: Bool
    /// Compares the network at the end with the one at the start, and saves the first one when it was better.
    public var comparesWithStart: Bool
    /// Saves the critic beside the output, for going on.
    public var savesCritic: Bool
    /// What the record says about the first weights.
    public var startingWeights: String
    /// The licence that the saved weights carry.
    public var licence: String

    /// Sets the options.
    public init(
        length: Length, output: String, device: Device = .cpu, precision: DType? = nil, seed: UInt64 = 1,
        checkpointSeconds: Double = 60, snapshotSeconds: Double? = nil, previewSeconds: Double? = nil,
        keepsLog: Bool = false, findsRate: Bool = false, comparesWithStart: Bool = false, savesCritic: Bool = false,
        startingWeights: String = "EfficientNet-Lite0, ImageNet", licence: String = "for research and evaluation"
    ) {
        self.length = length
        self.output = output
        self.device = device
        self.precision = precision
        self.seed = seed
        self.checkpointSeconds = checkpointSeconds
        self.snapshotSeconds = snapshotSeconds
        self.previewSeconds = previewSeconds
        self.keepsLog = keepsLog
        self.findsRate = findsRate
        self.comparesWithStart = comparesWithStart
        self.savesCritic = savesCritic
        self.startingWeights = startingWeights
        self.licence = licence
    }

    /// Options for a place read from a command line.
    public init(length: Length, output: String, place: TrainingPlace, seed: UInt64) {
        self.init(length: length, output: output, device: place.device, precision: place.precision, seed: seed)
    }

    /// The checkpoint beside the output.
    public var checkpointPath: String { output + ".checkpoint" }
    /// The best state of an adversarial phase that is going on, beside the output.
    public var bestPath: String { output + ".best" }
    /// The log beside the output: JSON lines.
    public var logPath: String { stem + ".log.jsonl" }
    /// The plot beside the output: SVG.
    public var plotPath: String { stem + ".plot.svg" }
    /// The preview sheet beside the output: PNG.
    public var previewPath: String { stem + ".preview.png" }
    /// The saved critic beside the output.
    public var criticPath: String { stem + ".critic.safetensors" }

    private var stem: String {
        output.hasSuffix(".safetensors") ? String(output.dropLast(".safetensors".count)) : output
    }
}
