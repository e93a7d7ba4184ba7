public import HeirloomLayers
public import HeirloomTensors

/// A network that its configuration rebuilds.
public protocol BuildableModel: Module {
    /// All that is needed to build it.
    associatedtype Configuration: Codable, Sendable
    /// Name of the network in files, one of ``Registry/architectures``.
    var architecture: String { get }
    /// What a caller has to know to run it.
    var description: ModelDescription { get }
    /// What was built.
    var configuration: Configuration { get }
    /// Builds the network.
    /// - Parameter generator: Nil leaves zeros, for weights that are loaded from a file at once.
    init(_ configuration: Configuration, using generator: Generator?)
}
