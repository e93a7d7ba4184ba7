import HeirloomTensors

/// Declares a trained tensor of a ``Module``: found by the tree walk, saved, moved, and differentiated by.
///
/// ```swift
/// final class Scale: Module {
///     @Parameter var weight: Tensor        // saved as "weight"
///     @Parameter var bias: Tensor?         // saved as "bias" where there is one
/// }
/// ```
/// A tensor assigned to it requires its gradient from then on; ``Module/freeze()`` stops that.
@propertyWrapper
public final class Parameter<Value: TensorValue>: TensorSlot {
    private var value: Value?
    let key: String?
    var isTrained: Bool { true }

    /// Declares a parameter with its first value.
    /// - Parameter key: Its name in files where that is not the property's name.
    public init(wrappedValue: Value, key: String? = nil) {
        self.key = key
        value = Self.variable(wrappedValue)
    }

    /// Declares a parameter saved under another name than the property's, to be assigned before it is used.
    public init(key: String) {
        self.key = key
        value = Value.absent
    }

    /// The tensor.
    /// - Precondition: What is assigned is a leaf: not the result of a recorded operation.
    public var wrappedValue: Value {
        get {
            guard let value else { fatalError("a parameter\(key.map { " (\($0))" } ?? "") was read before it was set") }
            return value
        }
        set { value = Self.variable(newValue) }
    }

    var tensor: Tensor? { wrappedValue.storedTensor }

    func replace(with tensor: Tensor) { value = Value.holding(tensor) }

    private static func variable(_ value: Value) -> Value {
        guard let tensor = value.storedTensor, tensor.isDefined else { return value }
        precondition(
            tensor.isLeaf, "a parameter must be a leaf, not the result of a recorded operation: \(tensor.summary)")
        precondition(tensor.dtype.isFloatingPoint, "a parameter must be a floating-point tensor, not \(tensor.summary)")
        tensor.requireGradient()
        return value
    }
}
