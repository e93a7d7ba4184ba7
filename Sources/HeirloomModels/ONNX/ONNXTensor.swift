import HeirloomTensors

/// A tensor of an ONNX file: its shape, and where its numbers lie.
struct ONNXTensor {
    let name: String
    let shape: [Int]
    /// Nil for an element type that weights never have.
    let dtype: DType?
    /// Where the elements are, little-endian and in order; nil where they are stored otherwise.
    let range: Range<Int>?

    /// Most elements of a tensor: far beyond every network that is read here.
    private static let limit = 1 << 28
    private static let types: [UInt64: DType] = [1: .float32, 10: .float16, 11: .float64, 7: .int64, 6: .int32]

    /// Reads a `TensorProto`.
    init(_ bytes: UnsafeRawBufferPointer, at range: Range<Int>) throws(CheckpointError) {
        var reader = ProtobufReader(bytes, at: range)
        var name = ""
        var sizes: [UInt64] = []
        var type: UInt64 = 0
        var raw: Range<Int>?
        while let (field, value) = try reader.next() {
            switch (field, value) {
            case (1, .number(let size)): sizes.append(size)
            case (1, .bytes(let packed)): sizes += try ProtobufReader.numbers(bytes, at: packed)
            case (2, .number(let found)): type = found
            case (8, .bytes(let text)): name = String(decoding: bytes[text], as: UTF8.self)
            case (9, .bytes(let found)): raw = found
            // Numbers of 32 and 64 bits that are packed lie there as they do in raw data.
            case (4, .bytes(let packed)) where type == 1 || type == 0: raw = packed
            case (10, .bytes(let packed)) where type == 11 || type == 0: raw = packed
            case (13, _): throw CheckpointError(.forbidden, reason: "keeps the tensor \(name) in another file")
            case (3, _), (14, .number(1...)):
                throw CheckpointError(.unsupported, reason: "stores the tensor \(name) in pieces or in another file")
            default: continue
            }
        }
        guard sizes.count <= 8, sizes.allSatisfy({ $0 <= Self.limit }) else {
            throw CheckpointError(.corrupt, reason: "gives the tensor \(name) the shape \(sizes.prefix(9))")
        }
        let shape = sizes.map { Int($0) }
        var count = 1
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, product <= Self.limit else {
                throw CheckpointError(.corrupt, reason: "gives the tensor \(name) the shape \(shape)")
            }
            count = product
        }
        self.name = name
        self.shape = shape
        dtype = Self.types[type]
        self.range = raw
        guard let dtype, let raw else { return }
        guard raw.count == count * dtype.byteCount else {
            throw CheckpointError(
                .corrupt,
                reason:
                    "has \(raw.count) bytes for the tensor \(name), whose shape \(shape) needs "
                    + "\(count * dtype.byteCount)")
        }
    }

    /// Whether it holds numbers that a network is trained for.
    var isFloatingPoint: Bool { dtype?.isFloatingPoint ?? false }

    /// The tensor.
    func tensor(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> Tensor {
        guard let dtype, let range else {
            throw CheckpointError(
                .unsupported, reason: "stores the tensor \(name) in a form that is not read here (raw numbers are)")
        }
        return Tensor.copying(UnsafeRawBufferPointer(rebasing: bytes[range]), shape: shape, dtype: dtype)
    }
}
