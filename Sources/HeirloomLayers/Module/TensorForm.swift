public import HeirloomTensors

/// What is known of a tensor before its elements are read.
public struct TensorForm: Hashable, Sendable, CustomStringConvertible {
    /// Its axes.
    public let shape: [Int]
    /// Its elements' type.
    public let dtype: DType

    /// Describes a tensor.
    public init(shape: [Int], dtype: DType) {
        self.shape = shape
        self.dtype = dtype
    }

    /// Type and shape, such as `float32[3, 4]`.
    public var description: String { "\(dtype)\(shape)" }
}
