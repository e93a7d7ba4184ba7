import Foundation
import HeirloomLayers
import HeirloomMedia
import HeirloomModels
import HeirloomTensors
import Testing

/// `heirloom models import` as a user runs it: foreign weights in, a model that the other commands find, or one sentence.
@Suite(.serialized) struct ImportCommandTests {
    /// A folder that stands for an installation: a manifest beside which imported models go.
    private func installation() throws -> CommandFolder {
        let folder = try CommandFolder()
        try FileManager.default.createDirectory(atPath: folder.file("pretrained"), withIntermediateDirectories: true)
        let manifest = try Pretrained.standard().folder + "/models.json"
        try FileManager.default.copyItem(atPath: manifest, toPath: folder.file("pretrained/models.json"))
        return folder
    }

    private func heirloom(_ folder: CommandFolder, _ arguments: [String]) async throws -> Program.Outcome {
        let program = try Program.heirloomPath()
        return try await Program.run(
            "/usr/bin/env", ["HEIRLOOM_PRETRAINED=\(folder.file("pretrained"))", program] + arguments, in: folder.path)
    }

    /// Weights of a tiny network under the names that the original programs give them.
    private func weights(_ folder: CommandFolder, dropping dropped: String? = nil) throws {
        let network = SRVGGNetCompact(
            SRVGGNetCompactConfiguration(upscale: 2, convolutions: 2, features: 8), using: Generator(seed: 1))
        let state = network.state().map { ($0.name, $0.tensor.detached()) }.filter { $0.0 != dropped }
        try Safetensors.write(state, to: folder.file("theirs.safetensors"))
    }

    @Test("imported weights are listed, used by name, and not replaced by accident")
    func importing() async throws {
        let folder = try installation()
        try weights(folder)
        let done = try await heirloom(
            folder, ["models", "import", "theirs.safetensors", "--name", "tiny", "--licence", "CC0-1.0"])
        #expect(done.code == 0 && done.output.contains("tiny: srvgg-compact"), "\(done)")
        let listed = try await heirloom(folder, ["models"])
        #expect(listed.output.contains("tiny") && listed.output.contains("CC0-1.0"), "\(listed)")
        try folder.picture("in.png", width: 20, height: 14)
        let used = try await heirloom(folder, ["upscale", "in.png", "-o", "out.png", "--model", "tiny"])
        #expect(used.code == 0, "\(used)")
        let picture = try StillReader.read(folder.file("out.png"))
        #expect(picture.width == 40 && picture.height == 28)
        let again = try await heirloom(folder, ["models", "import", "theirs.safetensors", "--name", "tiny"])
        #expect(again.code == 1 && again.errors.contains("--overwrite"), "\(again)")
        let replaced = try await heirloom(
            folder, ["models", "import", "theirs.safetensors", "--name", "tiny", "--overwrite"])
        #expect(replaced.code == 0, "\(replaced)")
    }

    @Test("what cannot be imported is refused in one sentence that names it, and nothing is left behind")
    func refusals() async throws {
        let folder = try installation()
        let dropped = "body.2.bias"
        try weights(folder, dropping: dropped)
        try folder.write(Array("PK no zip".utf8), as: "broken.pth")
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let code = fixtures.appendingPathComponent("Fixtures/checkpoints/runs-code.pth").path
        let before = try folder.names
        for (file, says) in [
            ("theirs.safetensors", dropped), ("broken.pth", "broken.pth"), (code, "runs-code.pth"),
            ("missing.pth", "missing.pth"),
        ] {
            let outcome = try await heirloom(folder, ["models", "import", file, "--name", "bad"])
            #expect(outcome.code == 1 && outcome.errors.contains(says), "\(file): \(outcome)")
            // One sentence; below it, the tensors that do not fit.
            #expect(outcome.errorLines.count <= 2, "\(file): \(outcome)")
            #expect(outcome.errorLines.first?.hasPrefix("heirloom: ") == true, "\(file): \(outcome)")
        }
        #expect(try folder.names == before)
        let listed = try await heirloom(folder, ["models"])
        #expect(!listed.output.contains("bad"), "\(listed)")
    }
}
