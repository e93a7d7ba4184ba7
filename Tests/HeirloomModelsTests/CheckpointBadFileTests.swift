import Foundation
import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// Damaged and hostile PyTorch files: refused with a sentence, never a crash, never a wrong tensor from a cut file.
@Suite struct CheckpointBadFileTests {
    /// A stream whose first pickle is the given bytes.
    private func failure(_ pickle: [UInt8]) throws -> CheckpointError {
        let folder = try TemporaryFolder()
        let path = try folder.write(pickle, to: "x.pth")
        return try #require(throws: CheckpointError.self) { try Checkpoint(path: path) }
    }

    private let start: [UInt8] = [0x80, 2]

    @Test func forbiddenGlobalsAreNamed() throws {
        for (module, name) in [
            ("os", "system"), ("builtins", "eval"), ("torch.storage", "_load_from_bytes"), ("numpy", "array"),
        ] {
            let error = try failure(start + Array("c\(module)\n\(name)\n)R.".utf8))
            #expect(error.code == .forbidden && error.description.contains("\(module).\(name)"), "\(error)")
        }
    }

    @Test func operationsThatBuildObjectsAreRefused() throws {
        // INST, OBJ, NEWOBJ, NEWOBJ_EX, EXT1, PERSID.
        for opcode: UInt8 in [0x69, 0x6F, 0x81, 0x92, 0x82, 0x50] {
            let error = try failure(start + [0x29, 0x29, opcode])
            #expect(error.code == .forbidden, "opcode \(opcode): \(error)")
        }
        // A table that is called, a list that gets attributes, a storage as a function.
        #expect(try failure(start + [0x7D, 0x29, 0x52, 0x2E]).code == .corrupt)
        #expect(try failure(start + [0x5D, 0x7D, 0x62, 0x2E]).code == .forbidden)
        #expect(try failure(start + Array("ctorch\nFloatStorage\n)R.".utf8)).code == .corrupt)
    }

    @Test func nonsenseIsRefused() throws {
        for bytes: [UInt8] in [
            [0x2E], [0x52, 0x2E], [0x74, 0x2E], [0x68, 9, 0x2E], [0x58, 0xFF, 0xFF, 0xFF, 0x7F],
            [0x8D] + [UInt8](repeating: 0xFF, count: 8),
            [0x28, 0x75, 0x2E], [0x4E, 0x61, 0x2E], [0x63] + [UInt8](repeating: 0x61, count: 5000), [0x4E],
        ] {
            let error = try failure(start + bytes)
            #expect(error.code == .corrupt, "\(bytes.prefix(9)): \(error)")
        }
        #expect(try failure([0x80, 5, 0x2E]).code == .unsupported)
        #expect(try failure(start + [0x4B, 3, 0x2E]).code == .unsupported)
    }

    @Test func deepNestingDoesNotOverflowTheStack() throws {
        // 200,000 lists, each inside the one before it; then 200,000 tuples.
        let lists = [UInt8](repeating: 0x5D, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999) + [0x2E]
        #expect(try failure(start + lists).code == .unsupported)
        let tuples = [0x4E] + [UInt8](repeating: 0x85, count: 200_000) + [0x2E]
        #expect(try failure(start + tuples).code == .unsupported)
    }

    /// Tensor descriptions that leave their storage, in the zip form's pickle.
    @Test func tensorsOutsideTheirStorageAreRefused() throws {
        let whole = try Fixture.bytes("checkpoints/stream.pth")
        // The first tensor's shape is (2, 3) and its strides (3, 1): BININT1 n, TUPLE2.
        let shape: [UInt8] = [0x4B, 2, 0x4B, 3, 0x86]
        let place = try #require(whole.indices.first { whole[$0...].starts(with: shape) })
        for (offset, value) in [(1, 200), (3, 255)] as [(Int, UInt8)] {
            var bytes = whole
            bytes[place + offset] = value
            let error = try failure(bytes)
            #expect(error.code == .corrupt && error.description.contains("plain"), "\(error)")
        }
    }

    @Test(arguments: ["zip.pth", "stream.pth"]) func cutFilesAreRefused(_ name: String) throws {
        let folder = try TemporaryFolder()
        let whole = try Fixture.bytes("checkpoints/\(name)")
        for length in stride(from: 0, to: whole.count, by: 7) {
            let path = try folder.write(Array(whole.prefix(length)), to: "cut.pth")
            #expect(throws: (any Error).self, "\(length) of \(whole.count) bytes") { try Checkpoint(path: path) }
        }
    }

    @Test(arguments: ["zip.pth", "stream.pth"]) func changedBytesNeverCrash(_ name: String) throws {
        let folder = try TemporaryFolder()
        let whole = try Fixture.bytes("checkpoints/\(name)")
        var refused = 0
        var tried = 0
        for position in stride(from: 0, to: whole.count, by: 3) {
            var bytes = whole
            bytes[position] ^= position.isMultiple(of: 2) ? 0xFF : 0x01
            let path = try folder.write(bytes, to: "changed.pth")
            tried += 1
            do {
                for (_, tensor) in try Checkpoint(path: path).tensors { _ = tensor.to(dtype: .float64).sum().item() }
            } catch {
                refused += 1
            }
        }
        // Zip entries have checksums; what remains are names, padding and fields that nothing reads.
        #expect(refused > tried / 4, "\(refused) of \(tried) changes were noticed")
    }
}
