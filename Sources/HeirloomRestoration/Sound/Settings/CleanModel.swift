/// Which network cleans sound.
public enum CleanModel: Sendable, Hashable, CustomStringConvertible {
    /// The best one that is on this machine, or none.
    case standard
    /// None: what can be done without training.
    case none
    /// A name from the list of models, or the path of a weights file.
    case named(String)

    /// The standard network for nil, none for `none`, else the named one.
    public init(_ text: String?) {
        self = text.map { $0 == "none" ? .none : .named($0) } ?? .standard
    }

    /// The name or path; "standard" for the standard network, "none" for none.
    public var description: String {
        switch self {
        case .standard: "standard"
        case .none: "none"
        case .named(let name): name
        }
    }
}
