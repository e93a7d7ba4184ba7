public import HeirloomTensors

/// Part of a network that is trained at a rate of its own, or frozen: a name and some subtrees.
public struct ModuleGroup {
    /// What the part is called in logs and recipes.
    public let name: String
    /// The subtrees with their names in the whole network.
    public let modules: [(name: String, module: Module)]

    /// Names a part of a network.
    public init(name: String, modules: [(name: String, module: Module)]) {
        self.name = name
        self.modules = modules
    }

    /// The trained tensors of the part, named as in the whole network.
    public func namedParameters() -> [(name: String, tensor: Tensor)] {
        modules.flatMap { entry in
            entry.module.namedParameters().map {
                (entry.name.isEmpty ? $0.name : "\(entry.name).\($0.name)", $0.tensor)
            }
        }
    }

    /// Stops training the part.
    public func freeze() { for (_, module) in modules { module.freeze() } }

    /// Trains the part (again).
    public func unfreeze() { for (_, module) in modules { module.unfreeze() } }
}
