import Foundation
import HeirloomDatasets
import TestSupport
import Testing

/// A store that is damaged in any of many ways is refused with its name, before a pixel is read.
@Suite struct PackedStoreDamageTests {
    /// A change to the bytes of a whole store of three pictures.
    struct Damage: Sendable, CustomTestStringConvertible {
        let name: String
        let code: DatasetError.Code
        let apply: @Sendable (inout [UInt8]) -> Void
        var testDescription: String { name }

        init(
            _ name: String, _ code: DatasetError.Code = .invalidStore,
            _ apply: @escaping @Sendable (inout [UInt8]) -> Void
        ) {
            self.name = name
            self.code = code
            self.apply = apply
        }
    }

    /// Puts a little-endian number into bytes.
    private static func put(_ value: some FixedWidthInteger, at offset: Int, in bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.replaceSubrange(offset..<offset + $0.count, with: $0) }
    }

    private static func number(at offset: Int, in bytes: [UInt8]) -> Int {
        bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    private static func index(_ bytes: [UInt8]) -> Int { number(at: 24, in: bytes) }

    /// Cuts the file; `honest` also corrects the length that the header states.
    private static func cut(_ bytes: inout [UInt8], to length: Int, honest: Bool) {
        bytes.removeSubrange(length...)
        if honest && length >= 64 { put(UInt64(length), at: 48, in: &bytes) }
    }

    private static func entry(_ name: String, _ picture: Int, _ field: Int, _ value: UInt32) -> Damage {
        Damage(name) { put(value, at: index($0) + 32 * picture + field, in: &$0) }
    }

    static let cuts: [Damage] = [false, true].flatMap { honest in
        let suffix = honest ? ", length corrected" : ""
        return [
            Damage("empty") { bytes in cut(&bytes, to: 0, honest: honest) },
            Damage("inside the magic\(suffix)") { bytes in cut(&bytes, to: 5, honest: honest) },
            Damage("a byte before the header's end\(suffix)") { bytes in cut(&bytes, to: 63, honest: honest) },
            Damage("header alone\(suffix)") { bytes in cut(&bytes, to: 64, honest: honest) },
            Damage("inside a picture\(suffix)") { bytes in cut(&bytes, to: 80, honest: honest) },
            Damage("before the index\(suffix)") { bytes in cut(&bytes, to: index(bytes), honest: honest) },
            Damage("inside the index\(suffix)") { bytes in cut(&bytes, to: index(bytes) + 40, honest: honest) },
            Damage("before the metadata\(suffix)") { bytes in
                cut(&bytes, to: number(at: 32, in: bytes), honest: honest)
            },
            Damage("inside the metadata\(suffix)") { bytes in
                cut(&bytes, to: number(at: 32, in: bytes) + 9, honest: honest)
            },
            Damage("one byte short\(suffix)") { bytes in cut(&bytes, to: bytes.count - 1, honest: honest) },
        ]
    }

    static let fields: [Damage] = [
        Damage("flipped magic") { $0[3] ^= 1 },
        Damage("version 2") { put(UInt32(2), at: 8, in: &$0) },
        Damage("another kind") { put(UInt32(9), at: 12, in: &$0) },
        Damage("no pictures", .tooSmall) { put(UInt64(0), at: 16, in: &$0) },
        Damage("one picture more") { put(UInt64(4), at: 16, in: &$0) },
        Damage("one picture less") { put(UInt64(2), at: 16, in: &$0) },
        Damage("absurd count") { put(UInt64.max, at: 16, in: &$0) },
        Damage("count whose product overflows") { put(UInt64(1) << 59, at: 16, in: &$0) },
        Damage("index beyond the end") { put(UInt64($0.count + 64), at: 24, in: &$0) },
        Damage("index inside the header") { put(UInt64(8), at: 24, in: &$0) },
        Damage("absurd index") { put(UInt64.max - 7, at: 24, in: &$0) },
        Damage("metadata beyond the end") { put(UInt64($0.count + 1), at: 32, in: &$0) },
        Damage("metadata inside the index") { put(UInt64(index($0) + 32), at: 32, in: &$0) },
        Damage("metadata too long") { put(UInt64($0.count), at: 40, in: &$0) },
        Damage("absurd length of metadata") { put(UInt64(Int.max), at: 40, in: &$0) },
        Damage("metadata that are no JSON") { $0[number(at: 32, in: $0)] = 0 },
        Damage("a length that is not the file's") { put(UInt64($0.count + 5), at: 48, in: &$0) },
        Damage("bytes behind the end") { $0 += [1, 2, 3] },
        entry("width 0", 0, 8, 0), entry("height 0", 2, 12, 0), entry("absurd width", 1, 8, .max),
        entry("absurd height", 1, 12, .max), entry("a picture larger than the file", 2, 8, 9000),
        entry("a group that does not exist", 0, 16, 3),
        entry("a picture that reaches into the index", 2, 12, 400),
        entry("an offset inside the header", 0, 0, 32),
        Damage("an offset beyond the end") { put(UInt64.max - 63, at: index($0), in: &$0) },
        Damage("two pictures in one place") { put(UInt64(64), at: index($0) + 32, in: &$0) },
        entry("pictures that overlap", 0, 12, 8),
    ]

    private func wholeStore(_ folder: TemporaryFolder) throws -> [UInt8] {
        let pictures = [
            TestPicture(width: 6, height: 4, group: "people"), TestPicture(width: 8, height: 3, group: "night"),
            TestPicture(width: 3, height: 3),
        ]
        try writeStore(pictures, to: folder.file("whole.pack"))
        return [UInt8](try Data(contentsOf: URL(filePath: folder.file("whole.pack"))))
    }

    @Test(arguments: cuts + fields)
    func isRefusedByName(damage: Damage) throws {
        let folder = try TemporaryFolder()
        var bytes = try wholeStore(folder)
        let before = bytes
        damage.apply(&bytes)
        #expect(bytes != before)
        let path = try folder.write(bytes, to: "damaged.pack")
        let error = #expect(throws: DatasetError.self) { _ = try PackedStore(contentsOf: path) }
        #expect(error?.code == damage.code, "\(error?.description ?? "")")
        #expect(error?.path == path && error?.description.contains("damaged.pack") == true)
    }

    /// Every byte of header and index, in turn, made 255: an error or a store, never a crash or a read out of bounds.
    @Test func noSingleByteCrashes() throws {
        let folder = try TemporaryFolder()
        let whole = try wholeStore(folder)
        var refused = 0
        for place in Array(0..<64) + Array(Self.index(whole)..<Self.index(whole) + 96) {
            var bytes = whole
            bytes[place] = 255
            let path = try folder.write(bytes, to: "byte.pack")
            do {
                let store = try PackedStore(contentsOf: path)
                for index in 0..<store.count { _ = store.withPixels(of: index) { $0.last } }
            } catch is DatasetError {
                refused += 1
            }
        }
        #expect(refused > 80)
    }
}
