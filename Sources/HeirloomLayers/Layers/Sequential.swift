public import HeirloomTensors

/// Layers applied one after the other; their names are `layers.0`, `layers.1`, ….
public final class Sequential: Module, UnaryLayer {
    /// The layers in order.
    public let layers: [any UnaryLayer]

    /// Chains layers.
    public init(_ layers: [any UnaryLayer]) { self.layers = layers }

    /// Chains layers.
    public convenience init(_ layers: any UnaryLayer...) { self.init(layers) }

    /// The last layer's output.
    public func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }
}
