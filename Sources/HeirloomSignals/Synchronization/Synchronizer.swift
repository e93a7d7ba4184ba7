/// Places recordings of one event on one clock from their sound alone: offsets of any size, drift, jumps, polarity.
public struct Synchronizer: Sendable {
    /// What to look for; the defaults suit speech.
    public struct Options: Sendable {
        /// The lowest and highest frequency listened to, in Hz.
        public var band: ClosedRange<Double> = 150...3600
        /// The largest drift between two clocks, in ppm.
        public var maximumDriftPPM = 600.0
        /// The least confidence of a place.
        public var minimumConfidence = 0.3
        /// The smallest jump that is not taken for a talker who changed place, in seconds.
        public var minimumJump = 0.008
        /// Whether lost buffers and inserted silence are looked for.
        public var findsJumps = true

        /// The defaults.
        public init() {}
    }

    /// How far the work is.
    public struct Step: Sendable, Equatable {
        /// What is being done.
        public enum Phase: String, Sendable, Codable {
            /// Where the files lie, roughly.
            case searching
            /// Clock drift and jumps of one file.
            case refining
        }
        /// What is being done.
        public let phase: Phase
        /// To which file.
        public let file: Int
        /// How much of all is done, 0...1, never falling.
        public let fraction: Double
    }

    /// What to look for.
    public var options: Options

    /// A synchroniser.
    public init(options: Options = Options()) { self.options = options }

    /// Finds where the recordings lie.
    ///
    /// - Parameters:
    ///   - sources: the recordings, mono at 16 kHz. An empty or silent one is named as unrelated.
    ///   - reference: whose clock to use; nil chooses the file that is bound best to the others.
    ///     ``Synchronization/relative(to:)`` changes it afterwards.
    ///   - progress: told before every step; what it throws (a cancellation) ends the work.
    /// - Returns: a place, or the reason why there is none, for each recording.
    /// - Throws: what the sources and `progress` throw.
    /// - Precondition: there is a source; `reference` is one of them.
    public func synchronize(
        _ sources: [any AnalysisSource], reference: Int? = nil, progress: (Step) throws -> Void = { _ in }
    ) throws -> Synchronization {
        precondition(!sources.isEmpty, "nothing to synchronise")
        precondition(
            reference.map { sources.indices.contains($0) } ?? true, "the reference is not among the recordings")
        var session = SynchronizerSession(sources: sources, options: options)
        return try session.run(reference: reference, progress: progress)
    }
}
