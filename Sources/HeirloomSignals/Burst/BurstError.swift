/// Why frames cannot be fused.
public struct BurstError: Error, CustomStringConvertible, Sendable, Hashable {
    /// What is wrong, as one sentence without a file name.
    public let description: String

    /// An error.
    public init(_ description: String) { self.description = description }
}
