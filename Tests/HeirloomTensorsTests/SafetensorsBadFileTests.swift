import Foundation
import HeirloomTensors
import TestSupport
import Testing

/// Files that are damaged or lie: each is refused with one sentence that names the file and the fault.
@Suite struct SafetensorsBadFileTests {
    private static func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
        let text = Array(header.utf8)
        let size = withUnsafeBytes(of: (length ?? UInt64(text.count)).littleEndian) { Array($0) }
        return size + text + [UInt8](repeating: 7, count: data)
    }

    private static func x(_ dtype: String, _ shape: String, _ offsets: String) -> String {
        "{\"x\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
    }

    static let lies: [(bytes: [UInt8], says: String)] = [
        ([1, 2, 3], "too few"),
        (file("{}", length: 3), "header has 3 bytes"),
        (file("{}", length: .max), "header has 18446744073709551615 bytes"),
        (file("{}", length: 1 << 63), "bytes"),
        (file("[]"), "does not begin with {"),
        (file("{\"x\":"), "header"),
        (file("{\"x\":3}"), "\"x\""),
        (file("{\"__metadata__\":{\"a\":1}}"), "__metadata__"),
        (file(x("F31", "[1]", "[0,4]"), data: 4), "F31"),
        (file(x("F32", "[1.5]", "[0,4]"), data: 4), "shape [1.5] is impossible"),
        (file(x("F32", "[true]", "[0,4]"), data: 4), "x"),
        (file(x("F32", "[-1]", "[0,4]"), data: 4), "shape [-1.0] is impossible"),
        (file(x("F32", "[4294967296,4294967296,4294967296]", "[0,4]"), data: 4), "impossibly large"),
        (file(x("F32", "[4611686018427387904]", "[0,4]"), data: 4), "is impossible"),
        (file(x("F32", "[2305843009213693952]", "[0,4]"), data: 4), "impossibly large"),
        (file(x("F32", "[1]", "[4,0]"), data: 4), "data_offsets"),
        (file(x("F32", "[1]", "[-4,0]"), data: 4), "data_offsets"),
        (file(x("F32", "[1]", "[0]"), data: 4), "data_offsets"),
        (file(x("F32", "[2]", "[0,8]"), data: 4), "cut off"),
        (file(x("F32", "[1]", "[0,8]"), data: 8), "8 bytes for float32[1], which takes 4"),
        (file(x("F32", "[1]", "[4,8]"), data: 8), "leaves a gap"),
        (file(x("F32", "[1]", "[0,4]"), data: 5), "1 bytes follow"),
        (
            file(
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                    + "\"y\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[2,6]}}", data: 6), "overlaps"
        ),
    ]

    @Test(arguments: lies.indices) func liesAreRefused(_ index: Int) throws {
        let (bytes, says) = Self.lies[index]
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "lie.safetensors")
        let error = try #require(throws: TensorFileError.self) { try SafetensorsFile(path: path) }
        #expect(error.code == .corrupt && error.path == path)
        #expect(error.description.contains(says), "\(error)")
    }

    @Test func unreadableThingsAreNamed() throws {
        let folder = try TemporaryFolder()
        for (path, says) in [
            (folder.file("absent"), "No such file"), (folder.path, "is a directory"),
            (try folder.write([], to: "empty"), "is empty"), ("/dev/null", "not a regular file"),
        ] {
            let error = try #require(throws: TensorFileError.self) { try SafetensorsFile(path: path) }
            #expect(error.description.hasPrefix(path) && error.description.contains(says), "\(error)")
        }
    }

    /// Every header byte set to some other values, and every length: the reader answers or refuses, it never crashes, and
    /// what it gives always lies in the file.
    @Test func everyByteOfTheHeader() throws {
        let folder = try TemporaryFolder()
        try Safetensors.write(
            [("weight", .ones([2, 3])), ("bias", .zeros([2], dtype: .int64))], metadata: ["k": "v"],
            to: folder.file("x"))
        let whole = [UInt8](try Data(contentsOf: URL(filePath: folder.file("x"))))
        let data = 2 * 3 * 4 + 2 * 8
        var refused = 0
        func check(_ bytes: [UInt8]) throws {
            let path = try folder.write(bytes, to: "y")
            do {
                let file = try SafetensorsFile(path: path)
                for tensor in file.tensors().values { _ = tensor.to(dtype: .float64).sum().item() }
            } catch {
                refused += 1
            }
        }
        for position in 0..<(whole.count - data) {
            for value: UInt8 in [0, 0x39, 0x7D] {
                var bytes = whole
                bytes[position] = value
                try check(bytes)
            }
        }
        let flips = refused
        for length in 0..<whole.count { try check(Array(whole.prefix(length))) }
        #expect(flips > 250, "\(flips) of \((whole.count - data) * 3) changes were noticed")
        #expect(refused - flips == whole.count, "a file that was cut off was accepted")
    }
}
