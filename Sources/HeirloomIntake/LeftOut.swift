/// A file that is not used, and why.
public struct LeftOut: Sendable, Equatable, Codable {
    /// The kind of reason.
    public enum Reason: String, Sendable, Codable, CaseIterable {
        /// It cannot be read, or not to its end.
        case broken
        /// Its short side has too few pixels.
        case tooSmall
        /// It has no colour.
        case grey
        /// It has one colour in lighter and darker shades, as sepia.
        case toned
        /// It shows what a picture before it shows.
        case duplicate
        /// It is an archive; what it holds was not looked at.
        case archive
        /// It is a folder that cannot be opened.
        case closedFolder

        /// The kind as a word or two before a colon or after a number: "broken", "too small".
        public var name: String {
            switch self {
            case .broken: "broken"
            case .tooSmall: "too small"
            case .grey: "without colour"
            case .toned: "of one tone"
            case .duplicate: "there twice"
            case .archive: "archives"
            case .closedFolder: "closed folders"
            }
        }
    }

    /// The file, as the caller named it or the folder it was found in.
    public let path: String
    /// The kind of reason.
    public let reason: Reason
    /// The reason in words: a clause without a full stop.
    public let detail: String

    /// Names a file and a reason.
    public init(path: String, reason: Reason, detail: String) {
        self.path = path
        self.reason = reason
        self.detail = detail
    }
}
