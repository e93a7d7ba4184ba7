import HeirloomTensors

extension Tensor {
    /// Whether every element is a finite number; looked at in parts, so that a large tensor needs little beside itself.
    var hasOnlyFiniteElements: Bool {
        guard dtype.isFloatingPoint else { return true }
        let flat = detached().flattened()
        let part = 1 << 19
        return stride(from: 0, to: flat.count, by: part).allSatisfy { start in
            let end = Swift.min(start + part, flat.count)
            return flat.sliced(axis: 0, from: start, to: end).isFinite().all().item() == 1
        }
    }
}
