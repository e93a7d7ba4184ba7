import Foundation
import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// PyTorch files, written by PyTorch (`Fixtures/checkpoints/make_checkpoints.py`).
@Suite struct CheckpointTests {
    @Test(arguments: ["zip.pth", "stream.pth", "values.safetensors"]) func holdsWhatPyTorchWrote(_ name: String) throws
    {
        let expected = try Fixture.tensors("checkpoints/values.safetensors")
        let checkpoint = try Checkpoint(path: Fixture.path("checkpoints/\(name)"))
        #expect(Set(checkpoint.tensors.map(\.name)) == Set(expected.keys))
        for (key, tensor) in checkpoint.tensors { expectEqual(tensor, try #require(expected[key]), key) }
    }

    @Test func keepsTheOrderOfTheFile() throws {
        let names = try Checkpoint(path: Fixture.path("checkpoints/zip.pth")).tensors.map(\.name)
        #expect(names.prefix(4) == ["plain", "channelsLast", "transposed", "everyOther"] && names.last == "empty")
    }

    @Test func deOldifysForm() throws {
        let results = try ParityKit(folder: Fixture.path("checkpoints")).run()
        let sample = try #require(results.first { $0.name == "sample-legacy-checkpoint" })
        #expect(sample.largestError == 0, "\(sample)")
    }

    @Test func codeIsNeverRun() throws {
        let error = try #require(throws: CheckpointError.self) {
            try Checkpoint(path: Fixture.path("checkpoints/runs-code.pth"))
        }
        #expect(error.code == .forbidden && error.description.contains("posix.system"), "\(error)")
        #expect(!FileManager.default.fileExists(atPath: "heirloom-was-here"))
    }

    @Test func compressedEntriesAreRefused() throws {
        let error = try #require(throws: CheckpointError.self) {
            try Checkpoint(path: Fixture.path("checkpoints/compressed.pth"))
        }
        #expect(error.code == .unsupported && error.description.contains("compressed"))
    }

    @Test func otherFilesAreNamed() throws {
        let folder = try TemporaryFolder()
        let text = try folder.write(Array("not weights at all".utf8), to: "a.pth")
        let error = try #require(throws: CheckpointError.self) { try Checkpoint(path: text) }
        #expect(error.code == .unsupported && error.path == text)
        #expect(throws: TensorFileError.self) { try Checkpoint(path: folder.file("absent.pth")) }
        #expect(throws: TensorFileError.self) { try Checkpoint(path: folder.path) }
    }
}
