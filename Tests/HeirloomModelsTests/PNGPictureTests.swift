import Foundation
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomModels

/// The pictures of parity kits, beside what Python's zlib wrote.
@Suite struct PNGPictureTests {
    /// A 7×5 RGB picture whose rows use every prediction, compressed by zlib in the way that is asked for.
    private func write(_ folder: TemporaryFolder, level: Int, strategy: Int = 0) throws -> String {
        let script = """
            import struct, sys, zlib
            def chunk(kind, data):
                return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            width, height = 7, 40
            pixels = [[[(x * 37 + y * 11 + c * 50 + x * y) % 256 for c in range(3)] for x in range(width)] for y in range(height)]
            rows = b""
            for y in range(height):
                kind = y % 5
                row = [v for p in pixels[y] for v in p]
                up = [v for p in pixels[y - 1] for v in p] if y else [0] * 21
                out = []
                for i, v in enumerate(row):
                    a = row[i - 3] if i >= 3 else 0
                    b, c = up[i], up[i - 3] if i >= 3 else 0
                    p = a + b - c
                    paeth = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
                    out.append((v - [0, a, b, (a + b) // 2, paeth][kind]) % 256)
                rows += bytes([kind]) + bytes(out)
            packer = zlib.compressobj(int(sys.argv[2]), zlib.DEFLATED, 15, 9, int(sys.argv[3]))
            data = packer.compress(rows) + packer.flush()
            header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
            with open(sys.argv[1], "wb") as file:
                file.write(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data[:50]))
                file.write(chunk(b"IDAT", data[50:]) + chunk(b"IEND", b""))
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, folder.file("x.png"), "\(level)", "\(strategy)"]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return folder.file("x.png")
    }

    /// Stored, dynamic and fixed blocks (zlib's strategy 4).
    @Test(arguments: [(0, 0), (9, 0), (9, 4)]) func everyBlockAndPrediction(_ level: Int, _ strategy: Int) throws {
        let folder = try TemporaryFolder()
        let picture = try PNGPicture.read(try write(folder, level: level, strategy: strategy))
        #expect(picture.shape == [3, 40, 7])
        var expected: [Int32] = []
        for c in 0..<3 {
            for y in 0..<40 {
                for x in 0..<7 { expected.append(Int32(37 * x + 11 * y + 50 * c + x * y) % 256) }
            }
        }
        expectEqual(picture, Tensor(expected, shape: [3, 40, 7]))
    }

    @Test func damageIsRefused() throws {
        let folder = try TemporaryFolder()
        let whole = [UInt8](try Data(contentsOf: URL(filePath: try write(folder, level: 9))))
        // The last twelve bytes say that the file ends, which nothing depends on.
        for position in stride(from: 0, to: whole.count - 12, by: 3) {
            let cut = try folder.write(Array(whole.prefix(position)), to: "cut.png")
            #expect(throws: (any Error).self, "\(position)") { try PNGPicture.read(cut) }
            var changed = whole
            changed[position] ^= 0x55
            // Either refused, or a picture with other numbers; never a crash.
            _ = try? PNGPicture.read(try folder.write(changed, to: "changed.png"))
        }
    }
}
