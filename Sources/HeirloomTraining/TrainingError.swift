/// Why a training run cannot begin, go on or be resumed.
public struct TrainingError: Error, CustomStringConvertible, Sendable {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        let name: String

        /// A checkpoint or state belongs to another network, optimizer or recipe.
        public static let unfittingState = Code(name: "unfitting state")
        /// A checkpoint cannot be read or written.
        public static let inaccessible = Code(name: "inaccessible")
        /// Loss, gradients or weights became infinite or not a number and stayed so.
        public static let diverged = Code(name: "diverged")
        /// A single sample does not fit into the device's memory.
        public static let outOfMemory = Code(name: "out of memory")
        /// The run was asked to stop; its checkpoint resumes it.
        public static let interrupted = Code(name: "interrupted")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do, without a full stop.
    public let reason: String

    /// Where it happened: steps of the fit, counted from 1; set for `diverged`.
    public let step: Int?
    /// The largest rate to try next; set for `diverged`.
    public let suggestedRate: Double?

    /// Creates an error.
    public init(code: Code, reason: String, step: Int? = nil, suggestedRate: Double? = nil) {
        self.code = code
        self.reason = reason
        self.step = step
        self.suggestedRate = suggestedRate
    }

    /// The reason.
    public var description: String { reason }
}
