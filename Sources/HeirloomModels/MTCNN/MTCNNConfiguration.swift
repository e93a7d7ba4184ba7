/// The sizes of an ``MTCNN``: there is one kind alone, that of the published weights.
public struct MTCNNConfiguration: Codable, Hashable, Sendable {
    /// The published network.
    public init() {}
}
