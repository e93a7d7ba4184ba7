public import HeirloomTensors

/// An activation function without weights.
public enum Activation: String, Codable, Sendable {
    /// The identity.
    case none
    /// max(x, 0).
    case relu
    /// min(max(x, 0), 6).
    case relu6

    /// The function's value for every element.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .none: x
        case .relu: x.relu()
        case .relu6: x.relu6()
        }
    }
}
