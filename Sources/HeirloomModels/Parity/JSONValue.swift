import Foundation

/// Any JSON, for the descriptions of parity kits, whose tables differ from kit to kit.
public enum JSONValue: Decodable, Sendable {
    /// Nothing.
    case null
    /// True or false.
    case bool(Bool)
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
    /// A list.
    case list([JSONValue])
    /// A table.
    case table([String: JSONValue])

    /// Reads any JSON.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let table = try? value.decode([String: JSONValue].self) {
            self = .table(table)
        } else if let list = try? value.decode([JSONValue].self) {
            self = .list(list)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else {
            self = .number(try value.decode(Double.self))
        }
    }

    /// Reads a file.
    /// - Throws: ``CheckpointError`` when it cannot be read or is not JSON.
    static func read(_ path: String) throws(CheckpointError) -> JSONValue {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CheckpointError(.unreadable, path: path, reason: "cannot be read")
        }
        do {
            return try JSONDecoder().decode(JSONValue.self, from: data)
        } catch {
            throw CheckpointError(.corrupt, path: path, reason: "is not JSON")
        }
    }

    /// An entry of a table, nil elsewhere.
    public subscript(key: String) -> JSONValue? {
        if case .table(let table) = self { table[key] } else { nil }
    }
    /// The entries of a table.
    public var table: [String: JSONValue]? {
        if case .table(let table) = self { table } else { nil }
    }
    /// The elements of a list.
    public var list: [JSONValue]? {
        if case .list(let list) = self { list } else { nil }
    }
    /// The text.
    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
    /// The number.
    public var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }
    /// The number, where it is whole.
    public var integer: Int? { number.flatMap { Int(exactly: $0) } }
    /// The numbers of a list and of the lists in it, in order; nil where anything else is among them.
    public var numbers: [Double]? {
        switch self {
        case .number(let number): return [number]
        case .list(let list):
            var result: [Double] = []
            for element in list {
                guard let inner = element.numbers else { return nil }
                result += inner
            }
            return result
        default: return nil
        }
    }
    /// The same, where all of them are whole.
    public var integers: [Int]? {
        guard let numbers, case let integers = numbers.compactMap({ Int(exactly: $0) }), integers.count == numbers.count
        else { return nil }
        return integers
    }
}
