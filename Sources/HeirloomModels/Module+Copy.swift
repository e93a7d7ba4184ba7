import HeirloomLayers
import HeirloomTensors

extension Module {
    /// Copies all values of a module of the same build, wherever it lives and whatever its element type.
    /// - Parameter ignoringMore: The other module may have tensors that this one has not.
    func copyState(of other: Module, ignoringMore: Bool = false) {
        let source = Dictionary(uniqueKeysWithValues: other.state().map { ($0.name, $0.tensor.detached()) })
        let target = state()
        precondition(
            ignoringMore || source.count == target.count,
            "\(type(of: self)) and \(type(of: other)) are built differently")
        withoutGradients {
            for (name, tensor) in target {
                guard let value = source[name], value.shape == tensor.shape else {
                    preconditionFailure("\(type(of: other)) has no \(name) of shape \(tensor.shape)")
                }
                tensor.copy(from: value)
            }
        }
    }
}

extension BuildableModel {
    /// A frozen copy for inference, on a device, in an element type and memory format.
    /// - Parameter change: What is done to the copy while it still has this one's values, such as folding.
    func frozenCopy(
        device: Device, dtype: DType, format: MemoryFormat = .channelsLast, changing change: (Self) -> Void = { _ in }
    ) -> Self {
        let copy = Self(configuration, using: nil)
        copy.copyState(of: self)
        copy.train(false)
        change(copy)
        copy.to(device: device, dtype: dtype, format: format)
        copy.freeze()
        return copy
    }
}
