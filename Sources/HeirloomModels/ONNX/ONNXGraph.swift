import HeirloomTensors

/// The nodes of an ONNX file and the tensors in it: what is needed to find out what each weight is for.
struct ONNXGraph {
    /// One operation.
    struct Node {
        var name = ""
        var type = ""
        var inputs: [String] = []
        var outputs: [String] = []
        /// Whole numbers among its attributes.
        var integers: [String: Int] = [:]
        /// Texts among its attributes.
        var texts: [String: String] = [:]
        /// The tensor of a constant.
        var value: ONNXTensor?
    }

    private(set) var nodes: [Node] = []
    /// Weights by name.
    private(set) var initializers: [String: ONNXTensor] = [:]

    /// Operations of the networks that are read here. Nothing is ever run; what is not here belongs to another network.
    private static let known: Set<String> = [
        "Add", "Cast", "Concat", "Constant", "ConstantOfShape", "Conv", "ConvTranspose", "Einsum", "GRU", "Gather",
        "MatMul", "Mul", "Pad", "Relu", "Reshape", "Shape", "Sigmoid", "Slice", "Squeeze", "Tanh", "Transpose",
        "Unsqueeze",
    ]
    /// More than any network here has.
    private static let limit = 20_000

    /// Reads a `ModelProto`.
    init(_ bytes: UnsafeRawBufferPointer, at range: Range<Int>) throws(CheckpointError) {
        var reader = ProtobufReader(bytes, at: range)
        var graphs = 0
        while let (field, value) = try reader.next() {
            guard field == 7, case .bytes(let graph) = value else { continue }
            graphs += 1
            try read(bytes, at: graph)
        }
        guard graphs == 1 else {
            throw CheckpointError(.corrupt, reason: "is not an ONNX file: it holds \(graphs) graphs instead of one")
        }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer, at range: Range<Int>) throws(CheckpointError) {
        var reader = ProtobufReader(bytes, at: range)
        while let (field, value) = try reader.next() {
            guard case .bytes(let inner) = value else { continue }
            switch field {
            case 1:
                let node = try Self.node(bytes, at: inner)
                guard Self.known.contains(node.type) else {
                    throw CheckpointError(
                        .unsupported,
                        reason: "computes a \"\(node.type.prefix(40))\", which no network does that is read here")
                }
                nodes.append(node)
            case 5:
                let tensor = try ONNXTensor(bytes, at: inner)
                guard initializers.updateValue(tensor, forKey: tensor.name) == nil else {
                    throw CheckpointError(.corrupt, reason: "has two tensors named \(tensor.name.prefix(100))")
                }
            case 15: throw CheckpointError(.unsupported, reason: "stores weights as sparse tensors")
            default: continue
            }
            guard nodes.count + initializers.count <= Self.limit else {
                throw CheckpointError(.unsupported, reason: "has more than \(Self.limit) nodes and tensors")
            }
        }
    }

    private static func node(_ bytes: UnsafeRawBufferPointer, at range: Range<Int>) throws(CheckpointError) -> Node {
        var reader = ProtobufReader(bytes, at: range)
        var node = Node()
        while let (field, value) = try reader.next() {
            guard case .bytes(let inner) = value else { continue }
            let text = { String(decoding: bytes[inner], as: UTF8.self) }
            switch field {
            case 1: node.inputs.append(text())
            case 2: node.outputs.append(text())
            case 3: node.name = text()
            case 4: node.type = text()
            case 5: try attribute(bytes, at: inner, of: &node)
            default: continue
            }
        }
        return node
    }

    private static func attribute(
        _ bytes: UnsafeRawBufferPointer, at range: Range<Int>, of node: inout Node
    ) throws(CheckpointError) {
        var reader = ProtobufReader(bytes, at: range)
        var name = ""
        var integer: Int?
        var text: String?
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .bytes(let found)): name = String(decoding: bytes[found], as: UTF8.self)
            case (3, .number(let found)): integer = Int(truncatingIfNeeded: found)
            case (4, .bytes(let found)): text = String(decoding: bytes[found], as: UTF8.self)
            case (5, .bytes(let found)): node.value = try ONNXTensor(bytes, at: found)
            default: continue
            }
        }
        node.integers[name] = integer
        node.texts[name] = text
    }
}
