import Foundation

/// The header of a safetensors file, validated against the file's size.
struct SafetensorsHeader {
    let metadata: [String: String]
    /// In the order of their data.
    let tensors: [(name: String, entry: SafetensorsFile.Entry)]

    init(of file: MappedFile) throws(TensorFileError) {
        let (path, bytes) = (file.path, file.bytes)
        func corrupt(_ reason: String) -> TensorFileError {
            TensorFileError(.corrupt, path: path, reason: "is not a valid safetensors file: \(reason)")
        }
        guard bytes.count >= 8 else { throw corrupt("\(bytes.count) bytes are too few for its length field") }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Safetensors.maximumHeaderBytes), length <= UInt64(bytes.count - 8) else {
            throw corrupt("it says that its header has \(length) bytes, but only \(bytes.count - 8) follow")
        }
        let start = 8 + Int(length)
        let text = UnsafeRawBufferPointer(rebasing: bytes[8..<start])
        guard text.first == UInt8(ascii: "{") else { throw corrupt("the header at byte 8 does not begin with {") }
        let table: Table
        do {
            table = try JSONDecoder().decode(Table.self, from: Data(text))
        } catch {
            throw corrupt("the header at byte 8: \(Self.explanation(error))")
        }

        var found: [(name: String, entry: SafetensorsFile.Entry)] = []
        for (name, field) in table.fields {
            switch field.entry(dataStart: start, dataBytes: bytes.count - start) {
            case .success(let entry): found.append((name, entry))
            case .failure(let fault): throw corrupt("tensor \"\(name)\": \(fault.reason)")
            }
        }
        // An empty tensor begins where its neighbour does: the end decides, then the name.
        found.sort {
            ($0.entry.range.lowerBound, $0.entry.range.upperBound, $0.name)
                < ($1.entry.range.lowerBound, $1.entry.range.upperBound, $1.name)
        }
        var end = start
        for (name, entry) in found {
            guard entry.range.lowerBound == end else {
                let what = entry.range.lowerBound < end ? "overlaps the one before it" : "leaves a gap before it"
                throw corrupt("tensor \"\(name)\" \(what), at byte \(entry.range.lowerBound) of the file")
            }
            end = entry.range.upperBound
        }
        guard end == bytes.count else {
            throw corrupt("\(bytes.count - end) bytes follow the last tensor, from byte \(end)")
        }
        metadata = table.metadata
        tensors = found
    }

    private struct Fault: Error { let reason: String }

    /// The JSON as it stands: a table with one entry per tensor, and texts under `__metadata__`.
    private struct Table: Decodable {
        var metadata: [String: String] = [:]
        var fields: [String: Field] = [:]

        struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Key.self)
            for key in values.allKeys {
                if key.stringValue == "__metadata__" {
                    metadata = try values.decode([String: String].self, forKey: key)
                } else {
                    fields[key.stringValue] = try values.decode(Field.self, forKey: key)
                }
            }
        }
    }

    private struct Field: Decodable {
        let dtype: String
        // Not Int: a fraction would be reported as broken JSON, without the tensor's name.
        let shape: [Double]
        let data_offsets: [Double]

        /// Whole numbers from 0 up, nil where there are others.
        private static func whole(_ numbers: [Double]) -> [Int]? {
            let whole = numbers.compactMap { $0 >= 0 && $0 < 0x1p62 ? Int(exactly: $0) : nil }
            return whole.count == numbers.count ? whole : nil
        }

        func entry(dataStart: Int, dataBytes: Int) -> Result<SafetensorsFile.Entry, Fault> {
            guard let type = Safetensors.dtype(dtype) else {
                return .failure(Fault(reason: "element type \"\(dtype)\" is not known"))
            }
            guard let shape = Self.whole(shape), shape.count <= 64 else {
                return .failure(Fault(reason: "shape \(shape.prefix(64)) is impossible"))
            }
            guard let offsets = Self.whole(data_offsets), offsets.count == 2, offsets[0] <= offsets[1] else {
                return .failure(Fault(reason: "data_offsets \(data_offsets.prefix(4)) are not a begin and an end"))
            }
            guard offsets[1] <= dataBytes else {
                let place = "byte \(offsets[1]) of the data, but the file has only \(dataBytes) of them"
                return .failure(Fault(reason: "its elements end at \(place): it was cut off, fetch it again"))
            }
            var size = type.byteCount
            for axis in shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: axis)
                guard !overflow else { return .failure(Fault(reason: "shape \(shape) is impossibly large")) }
                size = product
            }
            guard size == offsets[1] - offsets[0] else {
                let given = offsets[1] - offsets[0]
                return .failure(Fault(reason: "\(given) bytes for \(type)\(shape), which takes \(size)"))
            }
            let range = dataStart + offsets[0]..<dataStart + offsets[1]
            return .success(.init(dtype: type, shape: shape, range: range))
        }
    }

    private static func explanation(_ error: any Error) -> String {
        let context: DecodingError.Context? =
            switch error as? DecodingError {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            default: nil
            }
        guard let context else { return "is not JSON" }
        let place = context.codingPath.map(\.stringValue).joined(separator: " → ")
        return (place.isEmpty ? "" : "\"\(place)\": ") + context.debugDescription
    }
}
