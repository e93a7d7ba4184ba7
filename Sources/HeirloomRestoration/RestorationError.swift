/// Why a restoration failed where no file is to blame: what was tried, why, and what to do, in one sentence.
///
/// Files have `MediaError`, weights `CheckpointError`, a stop by the user `CancellationError`.
public struct RestorationError: Error, CustomStringConvertible, Sendable {
    /// The kind of failure; new kinds may be added.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name of the kind.
        public let rawValue: String
        /// Makes a kind from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A frame could not be treated.
        public static let frameFailed = Code(rawValue: "frameFailed")
        /// Frames in and frames out do not match: a mistake in a stage, never written as a film.
        public static let frameLost = Code(rawValue: "frameLost")
        /// The device asked for cannot be used.
        public static let deviceUnavailable = Code(rawValue: "deviceUnavailable")
        /// Memory ran out at the smallest setting.
        public static let outOfMemory = Code(rawValue: "outOfMemory")
        /// There is no usable model.
        public static let model = Code(rawValue: "model")
        /// Recordings do not belong together, or their places cannot be found.
        public static let notAligned = Code(rawValue: "notAligned")
        /// There is nothing in the files that could be treated.
        public static let nothingUsable = Code(rawValue: "nothingUsable")
        /// What a job was begun with has changed since: its source, settings, weights or libraries.
        public static let changed = Code(rawValue: "changed")
        /// The journal of a job cannot be used: damaged, of another version, or of another job.
        public static let journal = Code(rawValue: "journal")
        /// The settings do not make sense.
        public static let badRequest = Code(rawValue: "badRequest")
    }

    /// The kind of failure.
    public let code: Code
    /// One sentence, ending with a full stop.
    public let description: String
    /// The number of the frame that it is about, counted from 0; nil where it is about none, or nobody knows which.
    public let frame: Int?

    /// Makes an error.
    public init(_ code: Code, _ description: String, frame: Int? = nil) {
        self.code = code
        self.description = description
        self.frame = frame
    }

    /// The same error about a frame, where it did not know of which.
    func about(_ frame: Int?) -> RestorationError {
        RestorationError(code, description, frame: self.frame ?? frame)
    }
}
