/// What is wrong with a data set on disk.
public struct DatasetError: Error, CustomStringConvertible, Sendable {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The file cannot be opened, read or written.
        public static let inaccessible = Code(name: "inaccessible")
        /// The file is not a packed store, is cut short, or contradicts itself.
        public static let invalidStore = Code(name: "invalid store")
        /// The store is well-formed but holds too little for what is asked.
        public static let tooSmall = Code(name: "too small")
    }

    /// The kind of failure.
    public let code: Code
    /// The file concerned.
    public let path: String
    /// What is wrong and what to do, without a full stop.
    public let reason: String

    /// Creates an error.
    public init(code: Code, path: String, reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    /// One sentence with the file and the reason.
    public var description: String { "\(path): \(reason)" }
}
