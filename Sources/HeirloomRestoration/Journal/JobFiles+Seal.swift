import Foundation
import HeirloomModels

/// Records carry a digest of their own bytes: a value that still looks right, but is not what was written, would make a
/// wrong film without a word.
extension JobFiles {
    private struct Sealed<Value: Encodable>: Encodable {
        let value: Value

        func encode(to encoder: any Encoder) throws {
            try value.encode(to: encoder)
            var container = encoder.container(keyedBy: Seal.CodingKeys.self)
            try container.encode(blank, forKey: .digest)
        }
    }

    private struct Seal: Decodable {
        let digest: String

        enum CodingKeys: String, CodingKey {
            case digest
        }
    }

    /// What stands in the digest's place while it is computed.
    private static let blank = String(repeating: "0", count: 64)

    /// The digest's line, which nothing inside a record can look like: text in JSON has no line ends.
    private static func line(_ digest: String) -> Data { Data("\n  \"digest\" : \"\(digest)\"".utf8) }

    /// A value as bytes that are the same every time, with their own digest among them.
    static func sealed(_ value: some Encodable) -> Data {
        var bytes = encoded(Sealed(value: value))
        guard let place = bytes.range(of: line(blank)) else {
            preconditionFailure("a record that is sealed is an object with fields, and \(type(of: value)) is none")
        }
        bytes.replaceSubrange(place, with: line(digest(of: bytes)))
        return bytes
    }

    /// Whether a file is, byte for byte, what ``sealed(_:)`` wrote.
    static func isSealed(_ path: String) -> Bool {
        guard var bytes = FileManager.default.contents(atPath: path), let seal = decoded(Seal.self, at: path),
            let place = bytes.range(of: line(seal.digest))
        else { return false }
        bytes.replaceSubrange(place, with: line(blank))
        return digest(of: bytes) == seal.digest
    }

    /// Reads what ``sealed(_:)`` wrote; nil for anything else, and for what was changed since.
    static func opened<Value: Decodable>(_ type: Value.Type, at path: String) -> Value? {
        isSealed(path) ? decoded(type, at: path) : nil
    }

    private static func digest(of bytes: Data) -> String {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.hexadecimal
    }
}
