import HeirloomTensors

/// Declares a tensor of a ``Module`` that is saved and moved with it, and never trained: running statistics, fixed kernels.
@propertyWrapper
public final class Buffer<Value: TensorValue>: TensorSlot {
    private var value: Value?
    let key: String?
    var isTrained: Bool { false }

    /// Declares a buffer with its first value.
    /// - Parameter key: Its name in files where that is not the property's name.
    public init(wrappedValue: Value, key: String? = nil) {
        self.key = key
        value = wrappedValue
    }

    /// Declares a buffer saved under another name than the property's, to be assigned before it is used.
    public init(key: String) {
        self.key = key
        value = Value.absent
    }

    /// The tensor.
    public var wrappedValue: Value {
        get {
            guard let value else { fatalError("a buffer\(key.map { " (\($0))" } ?? "") was read before it was set") }
            return value
        }
        set { value = newValue }
    }

    var tensor: Tensor? { wrappedValue.storedTensor }

    func replace(with tensor: Tensor) { value = Value.holding(tensor) }
}
