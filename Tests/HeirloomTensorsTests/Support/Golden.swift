import Foundation
import HeirloomTensors
import TestSupport

/// The golden file `Tests/Fixtures/tensors/tensors.safetensors`, which `make_tensors.py` beside it writes.
///
/// Read here by hand, so that these tests do not rest on the reader that the library has.
struct Golden: Sendable {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }

    private let entries: [String: Entry]
    private let bytes: Data

    /// Throws when the file is missing or is no safetensors file.
    static let shared = Result {
        try Golden(Data(Fixture.bytes("tensors/tensors.safetensors")))
    }

    private init(_ file: Data) throws {
        let headerLength = file.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        entries = try JSONDecoder().decode([String: Entry].self, from: file[8..<8 + headerLength])
        bytes = Data(file[(8 + headerLength)...])
    }

    /// The names of the cases in the file.
    var cases: Set<String> {
        Set(entries.keys.compactMap { $0.hasSuffix(":out0") ? String($0.dropLast(5)) : nil })
    }

    /// The tensor of a name, or nil.
    func tensor(_ name: String) -> Tensor? {
        guard let entry = entries[name], let dtype = Self.dtypes[entry.dtype] else { return nil }
        let content = bytes[entry.data_offsets[0]..<entry.data_offsets[1]]
        return content.withUnsafeBytes { Tensor.copying($0, shape: entry.shape, dtype: dtype) }
    }

    /// The tensors `name0`, `name1`, … as far as they go.
    func tensors(_ name: String) -> [Tensor] {
        var result: [Tensor] = []
        while let next = tensor("\(name)\(result.count)") { result.append(next) }
        return result
    }

    private static let dtypes: [String: DType] = [
        "BOOL": .bool, "U8": .uint8, "I64": .int64, "F16": .float16, "BF16": .bfloat16, "F32": .float32,
        "F64": .float64,
    ]
}
