import Foundation
import HeirloomTensors

/// The files in a tar archive that gzip has compressed (RFC 1952).
struct TarFile {
    /// The archive, decompressed.
    let bytes: [UInt8]
    /// Where its files lie, by the last part of their names.
    let files: [String: Range<Int>]

    /// Most bytes of a decompressed archive.
    private static let limit = 1 << 28

    /// Reads a `.tar.gz` file.
    /// - Throws: ``CheckpointError`` or `TensorFileError`, for one that is damaged, too large, or something else.
    init(path: String) throws {
        let file = try MappedFile(path: path)
        do throws(CheckpointError) {
            bytes = try Self.decompressed(file.bytes)
            files = try Self.entries(bytes)
        } catch {
            throw CheckpointError(error.code, path: path, reason: error.reason)
        }
    }

    private static func decompressed(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) -> [UInt8] {
        guard bytes.count >= 18, bytes[0] == 0x1F, bytes[1] == 0x8B, bytes[2] == 8, bytes[3] < 32 else {
            throw CheckpointError(.corrupt, reason: "is not a gzip file")
        }
        func word(_ position: Int) -> Int {
            Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
        }
        let flags = bytes[3]
        var start = 10
        let end = bytes.count - 8
        if flags & 4 != 0, start + 2 <= end { start += 2 + (Int(bytes[start]) | Int(bytes[start + 1]) << 8) }
        for text in [UInt8(8), 16] where flags & text != 0 {
            while start < end, bytes[start] != 0 { start += 1 }
            start += 1
        }
        if flags & 2 != 0 { start += 2 }
        let size = word(end + 4)
        guard start < end else { throw CheckpointError(.corrupt, reason: "ends inside its gzip header") }
        guard size <= limit else {
            throw CheckpointError(.unsupported, reason: "claims to hold \(size) bytes, more than any network read here")
        }
        guard let plain = Inflate.decompress(Array(bytes[start..<end]), limit: size), plain.count == size else {
            throw CheckpointError(.corrupt, reason: "is damaged or was cut off: it cannot be decompressed")
        }
        guard plain.withUnsafeBytes({ Int(CRC32.checksum($0)) }) == word(end) else {
            throw CheckpointError(.corrupt, reason: "is damaged (checksum differs): fetch the file again")
        }
        return plain
    }

    private static func entries(_ bytes: [UInt8]) throws(CheckpointError) -> [String: Range<Int>] {
        let block = 512
        var found: [String: Range<Int>] = [:]
        var position = 0
        while position + block <= bytes.count, bytes[position] != 0 {
            let header = bytes[position..<position + block]
            func text(_ offset: Int, _ count: Int) -> String {
                String(decoding: header.dropFirst(offset).prefix(count).prefix { $0 != 0 }, as: UTF8.self)
            }
            func octal(_ offset: Int, _ count: Int) -> Int? {
                Int(text(offset, count).trimmingCharacters(in: .whitespaces), radix: 8)
            }
            // The sum of the header with blanks for the sum itself.
            let sum = header.reduce(0) { $0 + Int($1) } - header.dropFirst(148).prefix(8).reduce(0) { $0 + Int($1) }
            guard octal(148, 8) == sum + 8 * 32, let size = octal(124, 12), size >= 0 else {
                throw CheckpointError(.corrupt, reason: "is not a tar archive, or is damaged at byte \(position)")
            }
            let start = position + block
            guard size <= bytes.count - start else {
                throw CheckpointError(.corrupt, reason: "was cut off inside \(text(0, 100))")
            }
            if [0, UInt8(ascii: "0")].contains(header[position + 156]) {
                let name = text(0, 100).split(separator: "/").last.map(String.init) ?? ""
                guard found.updateValue(start..<start + size, forKey: name) == nil else {
                    throw CheckpointError(.corrupt, reason: "has two files named \(name)")
                }
            }
            position = start + (size + block - 1) / block * block
        }
        guard !found.isEmpty else { throw CheckpointError(.corrupt, reason: "is not a tar archive") }
        return found
    }
}
