/// Which weights to use.
public enum ModelChoice: Sendable, Hashable, CustomStringConvertible {
    /// The weights that come with Heirloom for the task.
    case standard
    /// A name from the list of models, or the path of a weights file.
    case named(String)

    /// The standard weights for nil, else the named ones.
    public init(_ text: String?) { self = text.map(ModelChoice.named) ?? .standard }

    /// The name or path; "standard" for the standard weights.
    public var description: String {
        switch self {
        case .standard: "standard"
        case .named(let name): name
        }
    }
}
