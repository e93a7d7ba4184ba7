import HeirloomTensors

/// The weights in an ncnn `.bin` file: those of each layer one after the other, with nothing between them.
struct NCNNWeights {
    /// The tensors of one layer.
    struct Layer {
        let weight: Tensor
        let bias: Tensor?
    }

    /// Layers with weights in the order of the `.param` file.
    let layers: [Layer]

    private static let halfTag: UInt32 = 0x0130_6B47
    private static let otherTags: [UInt32: String] = [
        0x000D_4B38: "8-bit integers", 0x0002_C056: "32-bit numbers with a scale",
    ]

    /// Reads a file.
    /// - Parameter layers: The layers of its `.param` file, which say what lies where.
    /// - Throws: ``CheckpointError`` or `TensorFileError` naming the layer.
    init(path: String, of layers: [NCNNLayer]) throws {
        let file = try MappedFile(path: path)
        var reader = Reader(file: file)
        do throws(CheckpointError) {
            var found: [Layer] = []
            for layer in layers {
                switch layer.type {
                case "Convolution": found.append(try Self.convolution(layer, &reader))
                case "PReLU":
                    try layer.require(only: [0])
                    let channels = try layer.integer(0)
                    let slopes = try reader.floats(channels, shape: [channels], of: layer)
                    found.append(Layer(weight: slopes, bias: nil))
                default: continue
                }
            }
            guard reader.position == file.bytes.count else {
                throw CheckpointError(
                    .corrupt,
                    reason:
                        "has \(file.bytes.count - reader.position) bytes more than its .param file describes: the two "
                        + "do not belong together")
            }
            self.layers = found
        } catch {
            throw CheckpointError(error.code, path: path, reason: error.reason)
        }
    }

    private static func convolution(_ layer: NCNNLayer, _ reader: inout Reader) throws(CheckpointError) -> Layer {
        // 0 outputs, 1 and 11 kernel, 2 and 12 dilation, 3 and 13 step, 4, 14, 15, 16 padding, 5 bias, 6 weights, 9 and 10
        // activation; every other key changes what is computed.
        try layer.require(only: [0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16])
        for (keys, standard, want, what) in [
            ([1, 11], 3, 3, "kernel"), ([2, 12], 1, 1, "dilation"), ([3, 13], 1, 1, "step"),
            ([4, 14, 15, 16], 1, 1, "padding"),
        ] {
            for key in keys where try layer.integer(key, default: standard) != want {
                throw layer.fault("its \(what) is not \(want)")
            }
        }
        let (outputs, count, bias) = (try layer.integer(0), try layer.integer(6), try layer.integer(5))
        guard outputs > 0, count > 0, count % (9 * outputs) == 0, bias <= 1 else {
            throw layer.fault("\(count) weights do not make kernels of 3×3 for \(outputs) channels")
        }
        let shape = [outputs, count / (9 * outputs), 3, 3]
        let tag = try reader.tag(of: layer)
        let weight: Tensor
        switch tag {
        case 0: weight = try reader.floats(count, shape: shape, of: layer)
        case halfTag: weight = try reader.halves(count, shape: shape, of: layer)
        default:
            let kind = otherTags[tag] ?? "a table of 256 values"
            throw CheckpointError(
                .unsupported,
                reason: "stores the weights of \(layer.name) as \(kind) (tag \(String(tag, radix: 16))); 16-bit and "
                    + "32-bit numbers are read")
        }
        return Layer(weight: weight, bias: bias == 1 ? try reader.floats(outputs, shape: [outputs], of: layer) : nil)
    }

    /// Walks through the file.
    private struct Reader {
        let file: MappedFile
        var position = 0

        private mutating func take(_ bytes: Int, of layer: NCNNLayer) throws(CheckpointError) -> Range<Int> {
            guard bytes <= file.bytes.count - position else {
                throw CheckpointError(
                    .corrupt,
                    reason:
                        "ends at byte \(file.bytes.count), inside the weights of \(layer.name): it was cut off, or does "
                        + "not belong to its .param file")
            }
            defer { position += bytes }
            return position..<position + bytes
        }

        mutating func tag(of layer: NCNNLayer) throws(CheckpointError) -> UInt32 {
            let range = try take(4, of: layer)
            return UInt32(littleEndian: file.bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt32.self))
        }

        mutating func floats(_ count: Int, shape: [Int], of layer: NCNNLayer) throws(CheckpointError) -> Tensor {
            file.tensor(at: try take(4 * count, of: layer), shape: shape, dtype: .float32)
        }

        /// Half-precision numbers, of which an odd count is padded to a multiple of four bytes with zeros.
        mutating func halves(_ count: Int, shape: [Int], of layer: NCNNLayer) throws(CheckpointError) -> Tensor {
            let range = try take((2 * count + 3) / 4 * 4, of: layer)
            let end = range.lowerBound + 2 * count
            guard file.bytes[end..<range.upperBound].allSatisfy({ $0 == 0 }) else {
                throw CheckpointError(.corrupt, reason: "is damaged after the weights of \(layer.name)")
            }
            return file.tensor(at: range.lowerBound..<end, shape: shape, dtype: .float16)
        }
    }
}
