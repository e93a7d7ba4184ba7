public import HeirloomTensors

extension Module {
    /// The children in order of declaration, with their names (`blocks.3` for an element of an array).
    public final func children() -> [(name: String, module: Module)] {
        let declared = Declarations(of: self)
        declared.trapIfFaulty()
        return declared.children
    }

    /// This module (named ``""``) and everything below it, parents first, each module once.
    public final func namedModules() -> [(name: String, module: Module)] {
        walk().map { ($0.path, $0.module) }
    }

    /// The trained tensors of the tree in order of declaration, with their names.
    public final func namedParameters() -> [(name: String, tensor: Tensor)] { tensors { $0.isTrained } }

    /// The tensors of the tree that are saved but never trained, with their names.
    public final func namedBuffers() -> [(name: String, tensor: Tensor)] { tensors { !$0.isTrained } }

    /// Number of trained numbers in the tree.
    public final var parameterCount: Int { namedParameters().reduce(0) { $0 + $1.tensor.count } }

    /// Calls a closure with this module and everything below it, parents first.
    public final func applyToModules(_ body: (_ name: String, _ module: Module) throws -> Void) rethrows {
        for (name, module) in namedModules() { try body(name, module) }
    }

    /// Every tensor slot of the tree with its full name and the module that holds it.
    func slots() -> [(name: String, slot: any TensorSlot, module: Module)] {
        walk().flatMap { visit in
            visit.slots.map { (visit.path.isEmpty ? $0.name : "\(visit.path).\($0.name)", $0.slot, visit.module) }
        }
    }

    private func tensors(_ wanted: (any TensorSlot) -> Bool) -> [(name: String, tensor: Tensor)] {
        slots().compactMap { entry in
            guard wanted(entry.slot), let tensor = entry.slot.tensor else { return nil }
            return (entry.name, tensor)
        }
    }

    private struct Visit {
        let path: String
        let module: Module
        let slots: [(name: String, slot: any TensorSlot)]
    }

    /// Visits the tree once and traps with every wrong declaration in it.
    private func walk() -> [Visit] {
        var visits: [Visit] = []
        var faults: [String] = []
        var seen: Set<ObjectIdentifier> = []
        var open: Set<ObjectIdentifier> = []

        func visit(_ module: Module, _ path: String) {
            let identity = ObjectIdentifier(module)
            guard !open.contains(identity) else {
                return faults.append("\(type(of: module)) at \"\(path)\" contains itself")
            }
            guard seen.insert(identity).inserted else { return }  // shared weights: listed under their first name
            open.insert(identity)
            defer { open.remove(identity) }
            let declared = Declarations(of: module)
            for fault in declared.faults where !faults.contains(fault) { faults.append(fault) }
            visits.append(Visit(path: path, module: module, slots: declared.slots))
            for (name, child) in declared.children { visit(child, path.isEmpty ? name : "\(path).\(name)") }
        }

        visit(self, "")
        Declarations.trap(with: faults)
        return visits
    }
}
