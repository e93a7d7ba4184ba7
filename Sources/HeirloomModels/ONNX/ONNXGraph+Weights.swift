import HeirloomTensors

extension ONNXGraph {
    /// What the inputs of operations are called, by their places.
    private static let roles: [String: [Int: String]] = [
        "Conv": [1: "weight", 2: "bias"], "ConvTranspose": [1: "weight", 2: "bias"], "Einsum": [1: "weight"],
        "MatMul": [1: "weight"], "GRU": [1: "input", 2: "state", 3: "bias"],
    ]

    /// The weights by the operation that uses them, such as `/erb_conv1/1/Conv.weight`, as PyTorch would have them.
    ///
    /// The names of the tensors themselves are mere numbers where the exporter has folded something into them.
    /// - Throws: ``CheckpointError`` for weights that nothing uses, or two operations do.
    func weights(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> [String: Tensor] {
        let constants = Dictionary(
            nodes.compactMap { node in
                node.type == "Constant" && node.outputs.count == 1 ? node.value.map { (node.outputs[0], $0) } : nil
            }, uniquingKeysWith: { first, _ in first })
        var unused = Set(initializers.keys)
        var found: [String: Tensor] = [:]
        for node in nodes {
            var own: [String: Tensor] = [:]
            for (place, input) in node.inputs.enumerated() {
                let weight = initializers[input]
                guard let tensor = weight ?? constants[input], tensor.isFloatingPoint,
                    let role = Self.roles[node.type]?[place] ?? (weight != nil && node.type == "Add" ? "bias" : nil)
                else { continue }
                if weight != nil, unused.remove(input) == nil {
                    throw CheckpointError(.corrupt, reason: "uses the tensor \(input.prefix(100)) twice")
                }
                own[role] = try tensor.tensor(bytes)
            }
            for (role, tensor) in try Self.asPyTorch(own, of: node) {
                guard found.updateValue(tensor, forKey: "\(node.name).\(role)") == nil else {
                    throw CheckpointError(.corrupt, reason: "has two operations named \(node.name.prefix(100))")
                }
            }
        }
        guard unused.isEmpty else {
            let some = unused.sorted().prefix(4).map { String($0.prefix(60)) }.joined(separator: ", ")
            throw CheckpointError(.keys, reason: "has weights that nothing uses: \(some)")
        }
        return found
    }

    private static func asPyTorch(_ own: [String: Tensor], of node: Node) throws(CheckpointError) -> [String: Tensor] {
        switch node.type {
        case "MatMul":
            guard let weight = own["weight"] else { return [:] }
            guard weight.rank == 2 else { throw fault(node, "its matrix has the shape \(weight.shape)") }
            return ["weight": weight.swappingAxes(0, 1).contiguous()]
        case "GRU": return try gru(own, of: node)
        default: return own
        }
    }

    /// The gates of a GRU in PyTorch's order: reset, update, new instead of update, reset, new.
    private static func gru(_ own: [String: Tensor], of node: Node) throws(CheckpointError) -> [String: Tensor] {
        guard let input = own["input"], let state = own["state"], let bias = own["bias"] else {
            throw fault(node, "its weights are not among the file's tensors")
        }
        guard node.integers["linear_before_reset"] == 1, node.texts["direction", default: "forward"] == "forward",
            node.integers["hidden_size"] == state.shape.last
        else { throw fault(node, "it is not of the kind that PyTorch has, forward in time") }
        let hidden = state.shape.last ?? 0
        guard hidden > 0, state.shape == [1, 3 * hidden, hidden], bias.shape == [1, 6 * hidden], input.rank == 3,
            Array(input.shape.prefix(2)) == [1, 3 * hidden]
        else { throw fault(node, "its weights have the shapes \(input.shape), \(state.shape) and \(bias.shape)") }
        func ordered(_ tensor: Tensor) -> Tensor {
            let gates = tensor.split(every: hidden, axis: 0)
            return concatenated([gates[1], gates[0], gates[2]], axis: 0)
        }
        let biases = bias.squeezed(0).split(every: 3 * hidden, axis: 0)
        return [
            "weight_ih_l0": ordered(input.squeezed(0)), "weight_hh_l0": ordered(state.squeezed(0)),
            "bias_ih_l0": ordered(biases[0]), "bias_hh_l0": ordered(biases[1]),
        ]
    }

    private static func fault(_ node: Node, _ what: String) -> CheckpointError {
        CheckpointError(
            .unsupported, reason: "has a \(node.type) \(node.name.prefix(100)) that is not read here: \(what)")
    }
}
