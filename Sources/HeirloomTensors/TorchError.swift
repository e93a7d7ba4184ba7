/// What libtorch refused to do, thrown by ``recovering(_:)`` and by the few operations that meet the outside world.
public struct TorchError: Error, CustomStringConvertible, Sendable {
    /// The kind of failure: callers react to `outOfMemory` (smaller tile or batch), everything else is reported.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The device had no memory left for a result.
        public static let outOfMemory = Code(name: "out of memory")
        /// libtorch refused the operation: wrong shapes, types or devices, or an unsupported combination.
        public static let invalidOperation = Code(name: "invalid operation")
        /// The device asked for does not exist or cannot be used on this machine.
        public static let deviceUnavailable = Code(name: "device unavailable")
    }

    /// The kind of failure.
    public let code: Code
    /// The operation that failed, with the shapes and types of its operands.
    public let operation: String
    /// libtorch's own explanation, without its C++ backtrace.
    public let reason: String

    /// Creates an error.
    public init(code: Code, operation: String, reason: String) {
        self.code = code
        self.operation = operation
        self.reason = reason
    }

    /// One sentence: the operation, its operands and libtorch's reason.
    public var description: String { "\(operation): \(code.name): \(reason)" }
}
