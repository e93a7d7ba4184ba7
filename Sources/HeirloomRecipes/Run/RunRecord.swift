/// What a model was trained on and how: saved with its weights.
public struct RunRecord: Codable, Sendable, Equatable {
    /// One phase as it went.
    public struct Phase: Codable, Sendable, Equatable {
        /// Picture side and batch.
        public var size: Int, batchSize: Int
        /// Steps, seconds, pictures seen.
        public var steps: Int, seconds: Double, pictures: Int
        /// Mean loss and its parts over the last steps.
        public var loss: Double, lossParts: [String: Double]
        /// Steps left out because a gradient was not finite.
        public var skippedSteps: Int
        /// Figures on pictures that took no part in training.
        public var validation: ColorFigures?
    }

    /// The pictures.
    public struct Data: Codable, Sendable, Equatable {
        /// Name of the store, its pictures, and those set aside for validation.
        public var store: String, pictures: Int, heldOut: Int
        /// Origins and licences as stated there.
        public var sources: [Source]

        /// One origin.
        public struct Source: Codable, Sendable, Equatable {
            /// Name, licence as stated, number of pictures.
            public var name: String, licence: String, pictures: Int
        }
    }

    /// What was trained.
    public var task: String
    /// The recipe.
    public var recipe: ColorRecipe
    /// Where the encoder's first weights come from.
    public var startingWeights: String
    /// The pictures.
    public var data: Data
    /// How long the run was meant to be.
    public var length: String
    /// Seed, device, precision.
    public var seed: UInt64, device: String, precision: String
    /// Version of libtorch.
    public var libtorch: String
    /// The phases that are done.
    public var phases: [Phase] = []
}
