public import HeirloomModels

/// How a network that cleans speech is trained, as data.
///
/// In its phases a size is the length of a crop in milliseconds.
public struct SoundRecipe: Codable, Sendable, Equatable {
    /// Samples per second of what it is trained on.
    public static let sampleRate = 16_000

    /// The network.
    public var network: SpectralUNetConfiguration
    /// The phases in order.
    public var phases: [TrainingPhase]
    /// The loss.
    public var loss: SoundLoss.Options
    /// What happens to speech.
    public var degradation: SoundDegradation
    /// Number of simulated rooms, 0 for simple ones only.
    public var rooms: Int
    /// Optimizer steps after which scenes are as difficult as they get; a network that starts trained has no use for them.
    public var easySteps: Int
    /// Deviation of the level around the network's, in dB: a recording's loudest moment may lie outside of a crop.
    public var levelSpread: Double
    /// Decoupled weight decay of weights of rank 2 and more.
    public var weightDecay: Double
    /// Largest norm of the gradient.
    public var clipping: Double
    /// Decay of the running average of the weights, which is what is saved.
    public var averageDecay: Double
    /// The critic of critic and adversarial phases, and the weight of its features in the latter.
    public var critic: SpectralCritic.Configuration, featureMatching: Double

    /// Describes a recipe; the defaults are those of the network that comes with Heirloom.
    /// - Parameter phases: Nil takes one phase of the whole length.
    public init(
        network: SpectralUNetConfiguration = .small, phases: [TrainingPhase]? = nil, loss: SoundLoss.Options = .init(),
        degradation: SoundDegradation = .init(), rooms: Int = 300, easySteps: Int = 600, levelSpread: Double = 3,
        weightDecay: Double = 0.01, clipping: Double = 1, averageDecay: Double = 0.998,
        critic: SpectralCritic.Configuration = .init(), featureMatching: Double = 2
    ) {
        self.network = network
        self.phases =
            phases ?? [
                TrainingPhase(size: 2000, batchSize: 8, share: 1, rate: 1.5e-3, warmup: 0.1, unit: .milliseconds)
            ]
        self.loss = loss
        self.degradation = degradation
        self.rooms = rooms
        self.easySteps = easySteps
        self.levelSpread = levelSpread
        self.weightDecay = weightDecay
        self.clipping = clipping
        self.averageDecay = averageDecay
        self.critic = critic
        self.featureMatching = featureMatching
    }

    /// A short game with a critic, to be added to the phases: first the critic alone, then both (NoGAN, Antic 2019).
    public static let polish = [
        TrainingPhase(kind: .critic, size: 2000, batchSize: 8, share: 0.1, rate: 2e-4, unit: .milliseconds),
        TrainingPhase(
            kind: .adversarial, size: 2000, batchSize: 8, share: 0.2, rate: 1e-5, adversarialWeight: 0.02,
            criticFactor: 4, stop: StopRule(interval: 100, patience: 4, pictures: 16), unit: .milliseconds),
    ]

    /// Samples in a crop of a phase.
    public static func samples(_ phase: TrainingPhase) -> Int { phase.size * sampleRate / 1000 }

    /// What makes the recipe impossible, nil for one that can be run.
    public var fault: String? {
        if phases.isEmpty { return "a recipe without phases" }
        if !(0...5000).contains(rooms) || easySteps < 0 || levelSpread < 0 {
            return "a recipe's rooms are 0 to 5000, its easySteps and levelSpread not negative"
        }
        if !(weightDecay >= 0 && clipping > 0 && (0..<1).contains(averageDecay)) {
            return "a recipe's clipping is above 0, its weightDecay not negative, its averageDecay below 1"
        }
        for phase in phases {
            if let fault = phase.fault { return fault }
            if phase.unit != .milliseconds { return "a phase's size is in ms here, not in \(phase.unit.rawValue)" }
            if phase.size < 250 { return "crops of \(phase.size) ms; they are at least 250 ms long" }
        }
        return nil
    }
}
