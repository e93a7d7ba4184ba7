import Foundation
@testable import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

/// The manifest of weights, and what happens when files are missing or damaged.
@Suite struct PretrainedTests {
    private func folder(bytes: Int, sha256: String) throws -> (TemporaryFolder, Pretrained) {
        let folder = try TemporaryFolder()
        let json = """
            {"version": 1, "models": [{"name": "m", "task": "colorize", "architecture": "color-unet", "summary": "s",
            "origin": "o", "trainedOn": "t", "licence": "l", "files": [{"file": "m.safetensors", "bytes": \(bytes),
            "sha256": "\(sha256)", "source": null}]}]}
            """
        try FileManager.default.createDirectory(atPath: folder.file("pretrained"), withIntermediateDirectories: true)
        try folder.write(Array(json.utf8), to: "pretrained/models.json")
        return (folder, try Pretrained(folder: folder.file("pretrained")))
    }

    @Test func theRealManifestIsComplete() throws {
        let pretrained = try Pretrained.standard()
        #expect(pretrained.models.contains { $0.task == "colorize" })
        #expect(Set(pretrained.models.map(\.name)).count == pretrained.models.count)
        for model in pretrained.models {
            _ = try Registry.architecture(named: model.architecture)
            #expect(!model.files.isEmpty && !model.summary.isEmpty && !model.origin.isEmpty)
        }
    }

    @Test func statusOfAFile() throws {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let (folder, pretrained) = try folder(bytes: 3, sha256: abc)
        let model = try pretrained.model(named: "m")
        #expect(pretrained.status(of: model.files[0]) == .missing)
        #expect(throws: CheckpointError.self) { try pretrained.verify(model) }
        try folder.write(Array("abcd".utf8), to: "pretrained/m.safetensors")
        #expect(pretrained.status(of: model.files[0]) == .damaged)
        try folder.write(Array("abd".utf8), to: "pretrained/m.safetensors")
        #expect(pretrained.status(of: model.files[0]) == .present)
        #expect(pretrained.status(of: model.files[0], comparingDigest: true) == .damaged)
        let error = try #require(throws: CheckpointError.self) { try pretrained.verify(model) }
        #expect(error.code == .checksum && error.description.contains("m.safetensors"))
        // Our own weights are not fetched.
        #expect(throws: CheckpointError.self) { try pretrained.fetch(model) }
        try folder.write(Array("abc".utf8), to: "pretrained/m.safetensors")
        try pretrained.verify(model)
    }

    @Test func namesAndPaths() throws {
        let (folder, pretrained) = try folder(bytes: 3, sha256: "")
        #expect(try pretrained.modelPath(nil, task: "colorize") == folder.file("pretrained/m.safetensors"))
        #expect(try pretrained.modelPath("m", task: "x") == folder.file("pretrained/m.safetensors"))
        #expect(try pretrained.modelPath("./other", task: "x") == "./other")
        #expect(try pretrained.modelPath("other.safetensors", task: "x") == "other.safetensors")
        let error = try #require(throws: CheckpointError.self) { try pretrained.modelPath("n", task: "x") }
        #expect(error.code == .unknown && error.description.contains("\"n\"") && error.description.contains("m"))
        #expect(throws: CheckpointError.self) { try pretrained.modelPath(nil, task: "upscale") }
        #expect(throws: TensorFileError.self) { try pretrained.colorUNet(folder.file("absent.safetensors")) }
    }

    @Test func badManifests() throws {
        let folder = try TemporaryFolder()
        #expect(throws: CheckpointError.self) { try Pretrained(folder: folder.path) }
        for text in ["{", "[]", #"{"version": 2, "models": []}"#, #"{"version": 1, "models": [{}]}"#] {
            try folder.write(Array(text.utf8), to: "models.json")
            let error = try #require(throws: CheckpointError.self) { try Pretrained(folder: folder.path) }
            #expect(error.path == folder.file("models.json"))
        }
    }

    @Test("a wheel's address is found in an index's page, whether it is whole or relative")
    func wheelAddress() {
        let page = Data(
            """
            {"meta": {"api-version": "1.1"}, "name": "some-package", "files": [
              {"filename": "some_package-1.0-py3-none-any.whl", "url": "https://files.example.org/a/b.whl", "hashes": {}},
              {"filename": "some_package-2.0-py3-none-any.whl", "url": "../../files/c.whl", "hashes": {}, "yanked": false}
            ]}
            """.utf8)
        func address(_ wheel: String) -> String? {
            WheelAddress.address(of: wheel, in: page, page: "https://index.example.org/simple/some-package/")
        }
        #expect(address("some_package-1.0-py3-none-any.whl") == "https://files.example.org/a/b.whl")
        #expect(address("some_package-2.0-py3-none-any.whl") == "https://index.example.org/files/c.whl")
        #expect(address("some_package-3.0-py3-none-any.whl") == nil)
        #expect(WheelAddress.address(of: "a", in: Data("<html>".utf8), page: "https://index.example.org/") == nil)
    }
}
