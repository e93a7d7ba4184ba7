import HeirloomTensors

/// An ncnn `.param` file: the layers of a network as text, one a line.
struct NCNNParam {
    let layers: [NCNNLayer]

    private static let magic = "7767517"
    private static let longestFile = 4 << 20
    private static let mostLayers = 100_000

    /// Reads a file.
    /// - Throws: ``CheckpointError`` or `TensorFileError`.
    init(path: String) throws {
        let file = try MappedFile(path: path)
        guard file.bytes.count <= Self.longestFile else {
            throw CheckpointError(
                .unsupported, path: path, reason: "is no ncnn .param file: those are texts of a few thousand lines")
        }
        do throws(CheckpointError) {
            self = try NCNNParam(text: String(decoding: file.bytes, as: UTF8.self))
        } catch {
            throw CheckpointError(error.code, path: path, reason: error.reason)
        }
    }

    /// Reads a text.
    /// - Throws: ``CheckpointError`` naming the line.
    init(text: String) throws(CheckpointError) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .map { (number: $0.offset + 1, fields: $0.element.split(whereSeparator: \.isWhitespace)) }
            .filter { !$0.fields.isEmpty }
        guard let first = lines.first, first.fields == [Substring(Self.magic)] else {
            throw CheckpointError(
                .unsupported, reason: "is no ncnn .param file: those begin with the line \(Self.magic)")
        }
        guard lines.count > 1, lines[1].fields.count == 2, let count = Int(lines[1].fields[0]),
            Int(lines[1].fields[1]) != nil
        else {
            throw CheckpointError(.corrupt, reason: "its second line does not state the numbers of layers and blobs")
        }
        guard lines.count - 2 == count, count <= Self.mostLayers else {
            throw CheckpointError(
                .corrupt, reason: "states \(count) layers and lists \(lines.count - 2): it is damaged or was cut off")
        }
        var layers: [NCNNLayer] = []
        for line in lines.dropFirst(2) { layers.append(try Self.layer(line.fields, line.number)) }
        self.layers = layers
    }

    private static func layer(_ fields: [Substring], _ line: Int) throws(CheckpointError) -> NCNNLayer {
        func corrupt(_ reason: String) -> CheckpointError {
            CheckpointError(.corrupt, reason: "line \(line) \(reason): it is damaged")
        }
        guard fields.count >= 4, let inputs = Int(fields[2]), let outputs = Int(fields[3]),
            (0...1000).contains(inputs), (0...1000).contains(outputs), fields.count >= 4 + inputs + outputs
        else { throw corrupt("is not a layer (type, name, numbers of inputs and outputs, their names, values)") }
        var values: [Int: NCNNLayer.Value] = [:]
        for field in fields.dropFirst(4 + inputs + outputs) {
            let halves = field.split(separator: "=", omittingEmptySubsequences: false)
            guard halves.count == 2, let key = Int(halves[0]), key >= -23_400, key < 1000 else {
                throw corrupt("has the value \"\(field.prefix(40))\", which is not KEY=NUMBER")
            }
            let numbers = halves[1].split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
            let found = numbers.compactMap { $0 }.filter(\.isFinite)
            guard found.count == numbers.count, !found.isEmpty else {
                throw corrupt("has the value \"\(field.prefix(40))\", which is not a number")
            }
            let isNew: Bool
            if key <= -23_300 {
                // Lists state their length before their numbers.
                guard found[0] == Double(found.count - 1) else {
                    throw corrupt("has a list of another length than stated")
                }
                isNew = values.updateValue(.list(Array(found.dropFirst())), forKey: -23_300 - key) == nil
            } else {
                guard key >= 0, found.count == 1 else { throw corrupt("has the value \"\(field.prefix(40))\"") }
                isNew = values.updateValue(.number(found[0]), forKey: key) == nil
            }
            guard isNew else { throw corrupt("gives one value twice") }
        }
        let names = fields[4..<4 + inputs + outputs].map(String.init)
        return NCNNLayer(
            type: String(fields[0]), name: String(fields[1]), inputs: Array(names.prefix(inputs)),
            outputs: Array(names.dropFirst(inputs)), values: values, line: line)
    }
}
