public import HeirloomDatasets
public import HeirloomModels
public import HeirloomTraining

/// What a task (colour, enlarging) adds to a ``TrainingRun``: its network, its learners, its data and its judgement.
public protocol TrainingTask: AnyObject {
    /// What is trained and how, as JSON.
    associatedtype Recipe: Codable & Sendable & Equatable
    /// How good the network is.
    associatedtype Figures: TrainingFigures

    /// The task's name in model files, such as `colorize`.
    var name: String { get }
    /// The recipe.
    var recipe: Recipe { get }
    /// The phases in order.
    var phases: [TrainingPhase] { get }
    /// What is averaged, judged and saved; it lies on the device already.
    var network: any BuildableModel { get }
    /// The second network of critic and adversarial phases, saved on request; nil without such phases.
    var critic: (any BuildableModel)? { get }
    /// Number of training pictures: turns epochs into steps.
    var pictures: Int { get }
    /// The pictures' origins, for the record.
    var data: TrainingData { get }
    /// Decay of the running average of the weights, which is what is saved.
    var averageDecay: Double { get }

    /// A learner for a phase, with the callbacks that the phase itself needs, such as freezing.
    func learner(for phase: TrainingPhase, seed: UInt64) throws -> Learner
    /// The batches of a phase.
    func batches(for phase: TrainingPhase, batchSize: Int, seed: UInt64) -> any BatchSource
    /// Judges the network on held-out pictures; nil when there are none.
    /// - Parameter pictures: At most so many of them, always the same ones; nil for all.
    func judge(pictures: Int?) throws -> Figures?
    /// Fixed held-out pictures as they went in, as they come out and as they should be; nil without held-out pictures.
    func preview() -> PreviewSheet?
}

extension TrainingTask {
    /// No critic.
    public var critic: (any BuildableModel)? { nil }
    /// Averages over some five hundred steps.
    public var averageDecay: Double { 0.998 }
    /// No preview.
    public func preview() -> PreviewSheet? { nil }
    /// Judges the network on all held-out pictures.
    public func judge() throws -> Figures? { try judge(pictures: nil) }
}
