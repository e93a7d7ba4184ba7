/// Several ways of colouring the same pictures, beside grey and beside the truth.
public struct ColorComparison: Codable, Sendable, Equatable {
    /// One way, over all pictures.
    public struct Entry: Codable, Sendable, Equatable {
        /// What was measured: `grey`, a model, `true`.
        public let name: String
        /// The mean of every measure with its 95 % interval; what was not measured is left out.
        public let means: [String: MeanInterval]
        /// One for each picture, in order.
        public let scores: [ColorScore]

        init(name: String, scores: [ColorScore]) {
            self.name = name
            self.scores = scores
            var means: [String: MeanInterval] = [:]
            for measure in ColorScore.Measure.allCases {
                let values = scores.compactMap { $0.value(measure) }.filter(\.isFinite)
                if !values.isEmpty { means[measure.rawValue] = MeanInterval(of: values) }
            }
            self.means = means
        }

        /// The mean of a measure.
        public func mean(_ measure: ColorScore.Measure) -> MeanInterval? { means[measure.rawValue] }
    }

    /// The pictures' names, in order.
    public let pictures: [String]
    /// How many of them have a label.
    public let labelled: Int
    /// Grey first, the true pictures last.
    public let entries: [Entry]
}
