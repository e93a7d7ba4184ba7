/// What `heirloom plan` found: what the film is, how it will look, what the whole job will take.
public struct FilmPlan: Sendable, Codable {
    /// A telling frame and where it is.
    public struct Sample: Sendable, Codable, Equatable {
        /// Why it was picked.
        public var reasons: [TellingFrame.Reason]
        /// Seconds from the film's start.
        public var seconds: Double
        /// Its mean luma, 0...1.
        public var mean: Double
        /// Its detail and motion, 0...1.
        public var busyness: Double
    }

    /// The film, as the user named it.
    public var input: String
    /// Columns of the film.
    public var width: Int
    /// Rows of the film.
    public var height: Int
    /// Columns of the result.
    public var outputWidth: Int
    /// Rows of the result.
    public var outputHeight: Int
    /// Frames of the film.
    public var frames: Int
    /// Its length in seconds.
    public var seconds: Double
    /// Whether every frame was looked at before the telling ones were picked.
    public var isWhollySeen: Bool
    /// Cuts in a minute, as far as the film was looked at; nil where that was too little to tell.
    public var cutsPerMinute: Double?
    /// What was found in the file: sentences.
    public var found: [String]
    /// What is planned: "coloured and enlarged".
    public var treatment: String
    /// What speaks for it, where nobody asked for it: sentences.
    public var choice: [String]
    /// The telling frames, in the order of time.
    public var samples: [Sample]
    /// Where they are shown before and after; nil where the picture is not treated.
    public var sheet: String?
    /// What the whole job will take; nil where there is nothing to do.
    public var estimate: PlanEstimate?
    /// Whether a film without sound runs too fast; nil for films with sound.
    public var silentSpeed: SilentSpeedEstimate?
}
