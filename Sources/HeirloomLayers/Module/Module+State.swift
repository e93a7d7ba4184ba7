public import HeirloomTensors

extension Module {
    /// Every tensor of the tree that is saved, in order of declaration. The tensors are the module's own, not copies.
    public final func state() -> [(name: String, tensor: Tensor)] {
        slots().compactMap { entry in entry.slot.tensor.map { (entry.name, $0) } }
    }

    /// Copies values into the tensors of the tree, which keep their device, memory format and identity.
    /// - Parameter state: One tensor for each name of ``state()``, of its shape and element type, and nothing else.
    /// - Throws: ``ModuleError`` that lists every missing, unused, misshapen and mistyped name; then nothing was copied.
    public final func load(_ state: [String: Tensor]) throws(ModuleError) {
        try check(state.mapValues { TensorForm(shape: $0.shape, dtype: $0.dtype) })
        withoutGradients {
            for (name, tensor) in self.state() {
                if let value = state[name] { tensor.copy(from: value) }
            }
        }
    }

    /// Compares the names, shapes and element types of a state with those of the tree, before it is read.
    /// - Throws: ``ModuleError`` that lists everything that does not fit.
    public final func check(_ state: [String: TensorForm]) throws(ModuleError) {
        let own = self.state()
        var faults: [ModuleError.Fault] = []
        for (name, tensor) in own {
            guard let value = state[name] else {
                faults.append(.missing(name, expected: tensor.summary))
                continue
            }
            if value.shape != tensor.shape {
                faults.append(.shape(name, found: value.shape, expected: tensor.shape))
            } else if value.dtype != tensor.dtype {
                faults.append(.dtype(name, found: value.dtype, expected: tensor.dtype))
            }
        }
        let known = Set(own.map(\.name))
        for name in state.keys.sorted() where !known.contains(name) {
            faults.append(.unused(name, found: state[name]?.description ?? ""))
        }
        guard faults.isEmpty else { throw ModuleError(module: "\(type(of: self))", faults: faults) }
    }

    /// Moves or converts every tensor of the tree in place.
    ///
    /// Tensors are replaced: make optimizers afterwards.
    /// - Parameters:
    ///   - dtype: Another type for floating-point tensors; integers keep theirs, and modules that say ``keepsFloat32``
    ///     stay in float32 when a half precision is asked for.
    ///   - format: Applies to tensors with four axes.
    public final func to(device: Device? = nil, dtype: DType? = nil, format: MemoryFormat? = nil) {
        precondition(dtype?.isFloatingPoint ?? true, "a module cannot compute in \(dtype.map(\.description) ?? "")")
        let isHalf = dtype == .float16 || dtype == .bfloat16
        for (_, slot, module) in slots() {
            guard let tensor = slot.tensor else { continue }
            let target = isHalf && module.keepsFloat32 ? .float32 : dtype
            let moved = withoutGradients {
                tensor.detached().to(
                    dtype: tensor.dtype.isFloatingPoint ? target : nil, device: device,
                    format: tensor.rank == 4 ? format : nil)
            }
            if tensor.requiresGradient { moved.requireGradient() }
            slot.replace(with: moved)
        }
    }
}
