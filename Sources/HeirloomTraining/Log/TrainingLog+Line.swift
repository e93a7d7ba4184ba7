extension TrainingLog {
    /// A line of a log.
    public struct Line: Codable, Sendable, Equatable {
        /// What a line tells.
        public enum Kind: String, Codable, Sendable {
            /// Means over the steps since the line of this kind before.
            case train
            /// Measures on held-out data.
            case measure
            /// A sentence: a phase begins, a batch was split.
            case note
        }

        /// What the line tells.
        public var kind: Kind
        /// Which fit of the run.
        public var phase: Int
        /// Steps of the fit so far.
        public var step: Int
        /// Seconds of the fit so far.
        public var seconds: Double
        /// Mean loss.
        public var loss: Double?
        /// Largest rate of any group.
        public var rate: Double?
        /// Parts of the loss, or the measures.
        public var figures: [String: Double]
        /// Samples per second.
        public var samplesPerSecond: Double?
        /// Steps left out so far because a gradient was not finite.
        public var skipped: Int?
        /// The sentence.
        public var text: String?

        /// A line with figures of a recorder.
        public init(_ entry: Recorder.Entry, phase: Int) {
            (kind, self.phase, step, seconds) = (.train, phase, entry.step, entry.seconds)
            (loss, rate, figures) = (entry.loss, entry.rate, entry.figures)
            (samplesPerSecond, skipped) = (entry.samplesPerSecond, entry.skipped)
        }

        /// A line with measures on held-out data.
        public init(measures: [String: Double], phase: Int, step: Int, seconds: Double) {
            (kind, self.phase, self.step, self.seconds, figures) = (.measure, phase, step, seconds, measures)
        }

        /// A line with a sentence.
        public init(note text: String, phase: Int, step: Int, seconds: Double) {
            (kind, self.phase, self.step, self.seconds, figures) = (.note, phase, step, seconds, [:])
            self.text = text
        }
    }
}
