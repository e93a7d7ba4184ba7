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

extension Tensor {
    /// Pictures `[N, C, H, W]` enlarged to multiples of a number by mirroring at the right and bottom edges.
    ///
    /// A side of one sample repeats it.
    func mirrored(toMultipleOf multiple: Int) -> Tensor {
        func extended(_ x: Tensor, axis: Int) -> Tensor {
            var x = x
            let target = (x.shape[axis] + multiple - 1) / multiple * multiple
            while case let size = x.shape[axis], size < target {
                // A mirror reaches at most one sample less than the side; several of them reach any size.
                let added = Swift.min(target - size, Swift.max(size - 1, 1))
                x = x.padded(
                    axis == 2 ? [0, 0, 0, added] : [0, added, 0, 0], mode: size == 1 ? .replicate : .reflect)
            }
            return x
        }
        guard isDefined else { return self }
        return extended(extended(self, axis: 2), axis: 3)
    }
}
