/// A film job that was interrupted and has kept its work: not a failure, the same command goes on from there.
///
/// Thrown for a stop by the user and for a full disk, once anything is kept; before that, `CancellationError` and
/// `MediaError` say that nothing is left.
public struct PauseError: Error, CustomStringConvertible, Sendable {
    /// Why a job pauses; new causes may be added.
    public struct Cause: RawRepresentable, Hashable, Sendable {
        /// The name of the cause.
        public let rawValue: String
        /// Makes a cause from its name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The user stopped it.
        public static let stopped = Cause(rawValue: "stopped")
        /// No space is left on the target's disk.
        public static let diskFull = Cause(rawValue: "diskFull")
    }

    /// Why the job pauses.
    public let cause: Cause
    /// The file that shall come out.
    public let target: String
    /// The folder that keeps the work.
    public let folder: String
    /// Frames that are kept.
    public let keptFrames: Int
    /// How many frames there will be, where known.
    public let totalFrames: Int?
    /// What `heirloom resume` is told to go on; nil where the stage is the caller's own.
    let resumeName: String?

    /// One sentence: what is kept where, and how to go on.
    public var description: String {
        let frames = keptFrames == 1 ? "1 frame" : "\(keptFrames) frames"
        let kept = totalFrames.map { "\(keptFrames) of \($0) frames" } ?? frames
        let start = cause == .diskFull ? "The disk is full" : "Stopped"
        let space = cause == .diskFull ? "free some space and " : ""
        let resume = resumeName.map { ", or 'heirloom resume \(Self.quoted($0))'," } ?? ""
        return
            "\(start): \(kept) are finished and kept in '\(folder)'; \(space)run the same command again\(resume) to go on from there."
    }

    /// A path as a shell takes it.
    static func quoted(_ path: String) -> String {
        let plain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+,=@%".contains($0) }
        return plain ? path : "\"\(path)\""
    }
}
