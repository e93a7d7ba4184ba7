/// Why a training run cannot begin, go on or be resumed.
public struct TrainingError: Error, CustomStringConvertible, Sendable {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        let name: String

        /// A checkpoint or state belongs to another network, optimizer or recipe.
        public static let unfittingState = Code(name: "unfitting state")
        /// A checkpoint cannot be read or written.
        public static let inaccessible = Code(name: "inaccessible")
        /// The loss became infinite or not a number and stayed so.
        public static let diverged = Code(name: "diverged")
        /// The run was asked to stop; its checkpoint resumes it.
        public static let interrupted = Code(name: "interrupted")
    }

    /// The kind of failure.
    public let code: Code
    /// What happened and what to do, without a full stop.
    public let reason: String

    /// Creates an error.
    public init(code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The reason.
    public var description: String { reason }
}
