/// What a model was trained on and how: saved with its weights.
public struct RunRecord<Recipe: Codable & Sendable & Equatable, Figures: TrainingFigures>: Codable, Sendable, Equatable
{
    /// One phase as it went.
    public struct Phase: Codable, Sendable, Equatable {
        /// What trained; nil in records from before there were critics.
        public var kind: TrainingPhase.Kind?
        /// Picture side and batch.
        public var size: Int, batchSize: Int
        /// Steps, seconds, pictures seen.
        public var steps: Int, seconds: Double, pictures: Int
        /// Mean loss and its parts over the last steps.
        public var loss: Double, lossParts: [String: Double]
        /// Steps left out because a gradient was not finite.
        public var skippedSteps: Int
        /// What the stop rule saw, where there was one.
        public var checks: [StopCheck]?
        /// Figures on pictures that took no part in training.
        public var validation: Figures?
    }

    /// What was trained.
    public var task: String
    /// The recipe.
    public var recipe: Recipe
    /// Where the first weights come from.
    public var startingWeights: String
    /// The pictures.
    public var data: TrainingData
    /// How long the run was meant to be.
    public var length: String
    /// Seed, device, precision.
    public var seed: UInt64, device: String, precision: String
    /// Version of libtorch.
    public var libtorch: String
    /// What the rates of generator phases were multiplied by after a search; nil without one.
    public var rateFactor: Double?
    /// Figures before the first phase, of a run that started from a trained model.
    public var start: Figures?
    /// The phases that are done.
    public var phases: [Phase] = []
    /// The comparison with the model that the run started from.
    public var verdict: Verdict?
}

/// The record of a colour network.
public typealias ColorRunRecord = RunRecord<ColorRecipe, ColorFigures>
