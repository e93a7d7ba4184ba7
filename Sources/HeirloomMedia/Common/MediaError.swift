/// Why reading or writing a film, a picture or a sound failed: what was tried, on which file, why, and what to do.
///
/// The description is one sentence fit for a person. `code` is what a program decides on; it is extensible, so a
/// `switch` over it needs a default.
public struct MediaError: Error, CustomStringConvertible, Sendable {
    /// The kind of failure, stable across versions; new kinds may be added.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind.
        public let rawValue: String

        /// Makes a kind from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The name of the kind.
        public var description: String { rawValue }

        /// There is no such file.
        public static let notFound = Code(rawValue: "notFound")
        /// The file has no bytes.
        public static let empty = Code(rawValue: "empty")
        /// The file may not be opened, or the disk fails while reading it.
        public static let unreadable = Code(rawValue: "unreadable")
        /// The bytes are not what the format demands: cut off or damaged beyond use.
        public static let corrupt = Code(rawValue: "corrupt")
        /// The file is sound, but holds something that is not handled.
        public static let unsupported = Code(rawValue: "unsupported")
        /// The file has no moving picture (a text, a still, a sound).
        public static let noVideo = Code(rawValue: "noVideo")
        /// The file has no sound.
        public static let noSound = Code(rawValue: "noSound")
        /// The file has no still picture.
        public static let noPicture = Code(rawValue: "noPicture")
        /// The picture is larger than the limit that guards memory.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// The asked-for piece holds no frame.
        public static let outOfRange = Code(rawValue: "outOfRange")
        /// Writing failed for a reason that has no code of its own.
        public static let writeFailed = Code(rawValue: "writeFailed")
        /// No space is left on the output's disk.
        public static let diskFull = Code(rawValue: "diskFull")
        /// The output is there already and overwriting was not asked for.
        public static let exists = Code(rawValue: "exists")
        /// The output is the input.
        public static let sameFile = Code(rawValue: "sameFile")
        /// A folder was given where a file is needed.
        public static let isDirectory = Code(rawValue: "isDirectory")
        /// The folder of the output does not exist or may not be written to.
        public static let notWritable = Code(rawValue: "notWritable")
        /// A library reported a failure that fits no other code.
        public static let libraryFailure = Code(rawValue: "libraryFailure")
    }

    /// The kind of failure.
    public let code: Code
    /// What was tried, as a verb phrase that follows "Cannot": "read the film", "write the picture".
    public let operation: String
    /// The file concerned, as the caller named it.
    public let path: String
    /// Why: a clause without a full stop, with the library's own words where it said something.
    public let reason: String
    /// What to do about it: a full clause without a full stop; empty where there is nothing to advise.
    public let advice: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - operation: a verb phrase that follows "Cannot".
    ///   - path: the file concerned.
    ///   - reason: a clause without a full stop.
    ///   - advice: what to do, a clause without a full stop, or empty.
    public init(_ code: Code, _ operation: String, path: String, reason: String, advice: String = "") {
        self.code = code
        self.operation = operation
        self.path = path
        self.reason = reason
        self.advice = advice
    }

    /// One sentence: "Cannot read the film 'a.mp4': it is empty; copy it again from its source."
    public var description: String {
        let cause = "Cannot \(operation) '\(path)': \(reason)"
        return advice.isEmpty ? cause + "." : cause + "; " + advice + "."
    }
}
