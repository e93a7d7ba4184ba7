public import HeirloomTensors

/// A module that maps one tensor to one tensor.
public protocol UnaryLayer: Module {
    /// Computes the output.
    func callAsFunction(_ x: Tensor) -> Tensor
}
