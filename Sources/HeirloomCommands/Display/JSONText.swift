import Foundation

/// What the commands print for programs.
enum JSONText {
    /// A value as indented JSON, keys in order; numbers that JSON does not know as the words infinity, -infinity and nan.
    static func of(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
