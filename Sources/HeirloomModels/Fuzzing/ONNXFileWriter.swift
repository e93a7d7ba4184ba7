import HeirloomTensors

/// Small archives of ONNX graphs, for the fuzzer to damage and for tests.
enum ONNXFileWriter {
    /// The archive of a network: its graphs and its settings.
    /// - Parameter state: Tensors by graph and operation, as ``ONNXArchive`` names them.
    static func archive(
        _ state: [(name: String, tensor: Tensor)], settings: [String: String] = DeepFilterNet3.settings
    ) -> [UInt8] {
        let stems = Set(state.map { String($0.name.prefix { $0 != "/" }) }).sorted()
        let graphs = stems.map { stem in
            let own = state.filter { $0.name.hasPrefix(stem + "/") }
            return ("\(stem).onnx", graph(own.map { (String($0.name.dropFirst(stem.count)), $0.tensor) }))
        }
        return tar(graphs + [("config.ini", text(settings))])
    }

    /// Settings, by section and name, as a file has them.
    static func text(_ settings: [String: String]) -> [UInt8] {
        let sections = Set(settings.keys.map { String($0.prefix { $0 != "." }) }).sorted()
        let lines = sections.flatMap { section in
            ["[\(section)]"]
                + settings.filter { $0.key.hasPrefix(section + ".") }.sorted { $0.key < $1.key }.map {
                    "\($0.key.dropFirst(section.count + 1)) = \($0.value)"
                }
        }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    // MARK: - Graphs

    /// A graph whose operations have the given weights, by `operation.role` in PyTorch's form.
    static func graph(_ state: [(String, Tensor)]) -> [UInt8] {
        var operations: [String: [String: Tensor]] = [:]
        var order: [String] = []
        for (name, tensor) in state {
            let parts = name.split(separator: ".")
            let node = parts.dropLast().joined(separator: ".")
            if operations[node] == nil { order.append(node) }
            operations[node, default: [:]][String(parts[parts.count - 1])] = tensor
        }
        var bytes: [UInt8] = []
        for name in order { bytes += operation(name, operations[name] ?? [:]) }
        return field(1, 7) + field(7, bytes)
    }

    private static func operation(_ name: String, _ own: [String: Tensor]) -> [UInt8] {
        let type = name.split(separator: "/").last.map { String($0.prefix { $0 != "_" }) } ?? ""
        var inputs = ["x"]
        var bytes: [UInt8] = []
        func add(_ tensor: Tensor, _ role: String) {
            inputs.append("\(name)-\(role)")
            bytes += field(5, self.tensor(tensor, named: "\(name)-\(role)"))
        }
        var attributes: [UInt8] = []
        switch type {
        case "GRU":
            guard let input = own["weight_ih_l0"], let state = own["weight_hh_l0"], let inputBias = own["bias_ih_l0"],
                let stateBias = own["bias_hh_l0"]
            else { break }
            add(gates(input).unsqueezed(0), "W")
            add(gates(state).unsqueezed(0), "R")
            add(concatenated([gates(inputBias), gates(stateBias)], axis: 0).unsqueezed(0), "B")
            attributes = attribute("hidden_size", state.shape[1]) + attribute("linear_before_reset", 1)
        case "MatMul": if let weight = own["weight"] { add(weight.swappingAxes(0, 1), "weight") }
        default:
            for role in ["weight", "bias"] { if let tensor = own[role] { add(tensor, role) } }
        }
        return bytes + field(1, node(name, type, inputs, attributes))
    }

    /// Reset, update, new → update, reset, new.
    private static func gates(_ tensor: Tensor) -> Tensor {
        let parts = tensor.split(every: tensor.shape[0] / 3, axis: 0)
        return concatenated([parts[1], parts[0], parts[2]], axis: 0)
    }

    /// An operation with one output.
    static func node(_ name: String, _ type: String, _ inputs: [String], _ attributes: [UInt8] = []) -> [UInt8] {
        inputs.flatMap { field(1, Array($0.utf8)) } + field(2, Array("\(name)-out".utf8)) + field(3, Array(name.utf8))
            + field(4, Array(type.utf8)) + attributes
    }

    /// A whole number of an operation.
    static func attribute(_ name: String, _ value: Int) -> [UInt8] {
        field(5, field(1, Array(name.utf8)) + field(3, value) + field(20, 2))
    }

    /// A tensor in raw form.
    static func tensor(_ tensor: Tensor, named name: String) -> [UInt8] {
        let bytes = tensor.detached().to(dtype: .float32).contiguous().withUnsafeBytes { Array($0) }
        return field(1, tensor.shape.flatMap { varint(UInt64($0)) }) + field(2, 1) + field(8, Array(name.utf8))
            + field(9, bytes)
    }

    /// A field with bytes.
    static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
        varint(UInt64(number << 3 | 2)) + varint(UInt64(bytes.count)) + bytes
    }

    /// A field with a number.
    static func field(_ number: Int, _ value: Int) -> [UInt8] {
        varint(UInt64(number << 3)) + varint(UInt64(bitPattern: Int64(value)))
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    // MARK: - Archives

    /// Files in a folder, archived and not compressed yet.
    static func tar(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        files.flatMap { name, bytes in
            var header = [UInt8](repeating: 0, count: 512)
            func put(_ text: String, at place: Int) {
                header.replaceSubrange(place..<place + text.utf8.count, with: text.utf8)
            }
            func octal(_ value: Int, _ digits: Int) -> String {
                let text = String(value, radix: 8)
                return String(repeating: "0", count: digits - text.count) + text
            }
            put("export/\(name)", at: 0)
            put(octal(bytes.count, 11), at: 124)
            put("        ", at: 148)
            put("0", at: 156)
            put(octal(header.reduce(0) { $0 + Int($1) }, 6), at: 148)
            header[154] = 0
            return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
        } + [UInt8](repeating: 0, count: 1024)
    }

    /// A gzip file that stores bytes as they are.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        for start in stride(from: 0, to: max(1, bytes.count), by: 65_535) {
            let part = bytes[start..<min(start + 65_535, bytes.count)]
            let count = TorchFileWriter.little(part.count, 2)
            result += [start + 65_535 >= bytes.count ? 1 : 0] + count + count.map { ~$0 } + part
        }
        let checksum = bytes.withUnsafeBytes { CRC32.checksum($0) }
        return result + TorchFileWriter.little(Int(checksum), 4) + TorchFileWriter.little(bytes.count, 4)
    }
}
