/// Why a file with tensors cannot be read or written.
public struct TensorFileError: Error, CustomStringConvertible, Sendable {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The file is missing, unreadable or not a file.
        public static let unreadable = Code(name: "unreadable")
        /// The bytes are not a valid file of their format.
        public static let corrupt = Code(name: "corrupt")
        /// No tensor of that name.
        public static let missing = Code(name: "missing")
        /// The file cannot be written.
        public static let unwritable = Code(name: "unwritable")
    }

    /// The kind of failure.
    public let code: Code
    /// The file.
    public let path: String
    /// What is wrong, where in the file, and what to do.
    public let reason: String

    /// Creates an error.
    public init(_ code: Code, path: String, reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    /// The file and the reason.
    public var description: String { "\(path): \(reason)" }
}
