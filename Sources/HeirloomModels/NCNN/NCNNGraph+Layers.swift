extension NCNNGraph {
    /// The layer types that are understood.
    static let types: Set<String> = [
        "Input", "Split", "Concat", "Convolution", "PReLU", "ReLU", "PixelShuffle", "Interp", "Eltwise", "BinaryOp",
        "Clip", "Noop",
    ]

    /// Follows the layers of a file to its output.
    /// - Returns: The output's expression, without a clamp at the end, as networks here give what they compute.
    /// - Throws: ``CheckpointError`` listing unknown layers, or naming the layer that is not as expected.
    mutating func output(of layers: [NCNNLayer]) throws(CheckpointError) -> Int {
        let unknown = Set(layers.map(\.type)).subtracting(Self.types).sorted()
        guard unknown.isEmpty else {
            throw CheckpointError(
                .unsupported,
                reason:
                    "has layers of types that are not known here: \(unknown.map { String($0.prefix(40)) }.joined(separator: ", "))"
            )
        }
        var blobs: [String: Int] = [:]
        var unread: Set<String> = []
        for (index, layer) in layers.enumerated() {
            var operands: [Int] = []
            for name in layer.inputs {
                guard let operand = blobs[name] else { throw layer.fault("its input \(name) is not made before it") }
                operands.append(operand)
                unread.remove(name)
            }
            guard !layer.outputs.isEmpty, layer.type == "Split" || layer.outputs.count == 1 else {
                throw layer.fault("it has \(layer.outputs.count) outputs")
            }
            let result = try apply(layer, operands, isLast: index == layers.count - 1)
            for name in layer.outputs {
                guard blobs.updateValue(result, forKey: name) == nil else {
                    throw layer.fault("its output is made twice")
                }
                unread.insert(name)
            }
        }
        guard unread.count == 1, let name = unread.first, let result = blobs[name] else {
            throw CheckpointError(
                .unsupported, reason: "has \(unread.count) outputs; a network for pictures has one")
        }
        return result
    }

    private mutating func apply(_ layer: NCNNLayer, _ x: [Int], isLast: Bool) throws(CheckpointError) -> Int {
        func take(_ count: Int) throws(CheckpointError) {
            guard x.count == count else { throw layer.fault("it has \(x.count) inputs, not \(count)") }
        }
        switch layer.type {
        case "Input":
            try take(0)
            return input()
        case "Split", "Noop":
            try take(1)
            return x[0]
        case "Concat":
            try layer.require(only: [0])
            guard x.count >= 1, try layer.integer(0) == 0 else { throw layer.fault("it does not join channels") }
            return joined(x)
        case "Convolution":
            try take(1)
            return try convolution(layer, x[0])
        case "PReLU":
            try take(1)
            return prelu(x[0])
        case "ReLU":
            try take(1)
            try layer.require(only: [0])
            return leaky(x[0], try layer.number(0))
        case "PixelShuffle":
            try take(1)
            try layer.require(only: [0, 1])
            guard try layer.integer(1) == 0 else { throw layer.fault("its order of channels is not PyTorch's") }
            return shuffled(x[0], try layer.integer(0, default: 1))
        case "Interp":
            try take(1)
            return try resized(layer, x[0])
        case "Eltwise":
            return try eltwise(layer, x)
        case "BinaryOp":
            return try binary(layer, x)
        case "Clip":
            try take(1)
            guard isLast else { throw layer.fault("it clamps before the output") }
            return x[0]
        default:
            throw layer.fault("this type is not known here")
        }
    }

    private mutating func convolution(_ layer: NCNNLayer, _ x: Int) throws(CheckpointError) -> Int {
        let y = convolution(x)
        switch try layer.integer(9) {
        case 0: return y
        case 1: return leaky(y, 0)
        case 2:
            let slope = try layer.list(10)
            guard slope.count == 1 else { throw layer.fault("its activation has no slope") }
            return leaky(y, slope[0])
        default: throw layer.fault("its activation is not known here")
        }
    }

    private mutating func resized(_ layer: NCNNLayer, _ x: Int) throws(CheckpointError) -> Int {
        try layer.require(only: [0, 1, 2])
        let factor = try layer.number(1)
        guard factor == (try layer.number(2)), factor > 0 else { throw layer.fault("its two factors differ") }
        switch try layer.integer(0) {
        case 1: return nearest(x, factor)
        case 3: return bicubic(x, factor)
        default: throw layer.fault("its way of resampling is not known here")
        }
    }

    private mutating func eltwise(_ layer: NCNNLayer, _ x: [Int]) throws(CheckpointError) -> Int {
        try layer.require(only: [0, 1])
        var factors = try layer.list(1)
        if factors.isEmpty { factors = [1, 1] }
        guard try layer.integer(0) == 1, x.count == 2, factors.count == 2 else {
            throw layer.fault("it is not a sum of two")
        }
        return sum(scaled(x[0], factors[0]), scaled(x[1], factors[1]))
    }

    private mutating func binary(_ layer: NCNNLayer, _ x: [Int]) throws(CheckpointError) -> Int {
        try layer.require(only: [0, 1, 2])
        switch (try layer.integer(0), try layer.integer(1), x.count) {
        case (0, 0, 2): return sum(x[0], x[1])
        case (2, 1, 1): return scaled(x[0], try layer.number(2))
        default: throw layer.fault("it is neither a sum of two nor a multiple")
        }
    }
}
