/// Why a file with weights cannot be used.
public struct CheckpointError: Error, CustomStringConvertible, Sendable {
    /// The kind of failure.
    public struct Code: Hashable, Sendable {
        let name: String

        /// The file is missing, unreadable or not a file.
        public static let unreadable = Code(name: "unreadable")
        /// The bytes are not a valid file of their format, or were cut off.
        public static let corrupt = Code(name: "corrupt")
        /// The file asks for something that is never done, such as running code.
        public static let forbidden = Code(name: "forbidden")
        /// A valid file of a form that is not read here.
        public static let unsupported = Code(name: "unsupported")
        /// Names, shapes or types that do not fit the network.
        public static let keys = Code(name: "keys")
        /// The bytes are not those that the manifest names.
        public static let checksum = Code(name: "checksum")
        /// No such model or architecture.
        public static let unknown = Code(name: "unknown")
        /// A download failed.
        public static let download = Code(name: "download")
    }

    /// The kind of failure.
    public let code: Code
    /// The file, empty where there is none.
    public var path: String
    /// What is wrong, where, and what to do.
    public let reason: String

    /// Creates an error.
    public init(_ code: Code, path: String = "", reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }

    /// The file and the reason.
    public var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
