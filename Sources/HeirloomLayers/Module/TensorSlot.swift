public import HeirloomTensors

/// What a ``Parameter`` or ``Buffer`` may hold: a `Tensor`, or a `Tensor?` for one that a configuration leaves out.
public protocol TensorValue {
    /// The tensor, if there is one.
    var storedTensor: Tensor? { get }
    /// The same kind of value around another tensor.
    static func holding(_ tensor: Tensor) -> Self
    /// The value of a slot that nothing was assigned to, if the type has one.
    static var absent: Self? { get }
}

extension Tensor: TensorValue {
    /// The tensor itself.
    public var storedTensor: Tensor? { self }
    /// The tensor itself.
    public static func holding(_ tensor: Tensor) -> Self {
        guard let same = tensor as? Self else { fatalError("a subclass of Tensor in a slot") }
        return same
    }
    /// None: a tensor has to be assigned.
    public static var absent: Self? { nil }
}

extension Optional: TensorValue where Wrapped == Tensor {
    /// The tensor, if there is one.
    public var storedTensor: Tensor? { self }
    /// The tensor.
    public static func holding(_ tensor: Tensor) -> Tensor? { tensor }
    /// No tensor.
    public static var absent: Tensor?? { .some(nil) }
}

/// A place in a module that holds a tensor, as the walk over the module tree sees it.
protocol TensorSlot: AnyObject {
    var key: String? { get }
    var isTrained: Bool { get }
    /// The tensor, nil for an optional one that is absent. Setting replaces it.
    var tensor: Tensor? { get }
    func replace(with tensor: Tensor)
}
