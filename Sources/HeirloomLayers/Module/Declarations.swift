import HeirloomTensors

/// The stored properties of one module, sorted into tensors, children and mistakes.
struct Declarations {
    private(set) var slots: [(name: String, slot: any TensorSlot)] = []
    private(set) var children: [(name: String, module: Module)] = []
    private(set) var faults: [String] = []

    init(of module: Module) {
        var mirrors: [Mirror] = []
        var mirror: Mirror? = Mirror(reflecting: module)
        while let current = mirror, current.subjectType != Module.self {
            mirrors.append(current)
            mirror = current.superclassMirror
        }
        for level in mirrors.reversed() {
            for (label, value) in level.children { add(label ?? "?", value, in: level.subjectType) }
        }
        var names: Set<String> = []
        for name in slots.map(\.name) + children.map(\.name) where !names.insert(name).inserted {
            faults.append("\(type(of: module)) has two entries named \"\(name)\"")
        }
    }

    private mutating func add(_ label: String, _ value: Any, in type: Any.Type) {
        if let slot = value as? any TensorSlot {
            slots.append((slot.key ?? String(label.drop { $0 == "_" }), slot))
        } else if label.hasPrefix("$__lazy_storage_$_") {
            if Self.hides(value, depth: 0) != nil {
                faults.append("\(type).\(label.dropFirst(18)) is lazy: assign it in the initialiser")
            }
        } else if let child = value as? Module {
            children.append((label, child))
        } else if let list = value as? [Module] {
            for (index, child) in list.enumerated() { children.append(("\(label).\(index)", child)) }
        } else if let hidden = Self.hides(value, depth: 0) {
            let advice =
                hidden == "tensor"
                ? "declare it as @Parameter (trained) or @Buffer (saved, never trained), one tensor each"
                : "a child is a stored Module, Module? or [Module]"
            faults.append("\(type).\(label) holds a \(hidden) where the module tree does not find it: \(advice)")
        }
    }

    /// Whether a property of any other type has a tensor or a module inside.
    private static func hides(_ value: Any, depth: Int) -> String? {
        let type = Swift.type(of: value)
        if value is Tensor || type == Tensor?.self || type == [Tensor].self { return "tensor" }
        if value is Module { return "module" }
        let mirror = Mirror(reflecting: value)
        guard depth < 3, let style = mirror.displayStyle else { return nil }
        switch style {
        case .optional, .tuple, .struct, .enum: break
        case .collection, .set, .dictionary:
            // One element tells: they are all of one type.
            return mirror.children.first.flatMap { hides($0.value, depth: depth + 1) }
        default: return nil  // another object keeps its own house
        }
        for child in mirror.children {
            if let found = hides(child.value, depth: depth + 1) { return found }
        }
        return nil
    }

    func trapIfFaulty() { Self.trap(with: faults) }

    /// Traps with all mistakes at once.
    static func trap(with faults: [String]) {
        precondition(faults.isEmpty, "wrong declarations in modules:\n  " + faults.joined(separator: "\n  "))
    }
}
