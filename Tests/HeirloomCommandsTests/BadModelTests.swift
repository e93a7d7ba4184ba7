import Foundation
import HeirloomModels
import HeirloomTensors
import Testing

/// Weights that cannot be used: a clean failure that names the file.
@Suite(.serialized) struct BadModelTests {
    private func expectRefusal(
        _ folder: CommandFolder, model: String, saying words: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        if try !folder.names.contains("a.png") { try folder.picture("a.png") }
        let before = try folder.names
        let outcome = try await Program.heirloom(
            ["colorize", "a.png", "-o", "out.png", "--model", model, "--device", "cpu", "--progress", "none"],
            in: folder.path)
        #expect(outcome.code == 1, "\(outcome)", sourceLocation: sourceLocation)
        #expect(outcome.errorLines.count == 1, "one sentence: \(outcome)", sourceLocation: sourceLocation)
        let name = model.split(separator: "/").last.map(String.init) ?? model
        for word in words + [name] {
            #expect(outcome.errors.contains(word), "\(outcome)", sourceLocation: sourceLocation)
        }
        #expect(try folder.names == before, sourceLocation: sourceLocation)
    }

    @Test("a name that no model has; the sentence lists those there are")
    func unknown() async throws {
        try await expectRefusal(try CommandFolder(), model: "rembrandt", saying: ["heirloom-color"])
    }

    @Test("a weights file that is not there")
    func missing() async throws {
        let folder = try CommandFolder()
        try await expectRefusal(folder, model: folder.file("gone.safetensors"), saying: [])
    }

    @Test("weights of an empty file, a text, a header longer than the file, a header that is no JSON, a cut file")
    func damaged() async throws {
        let folder = try CommandFolder()
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try folder.model("whole.safetensors"))))
        let damages: [(String, [UInt8])] = [
            ("empty", []), ("text", Array("these are no weights, but a letter".utf8)),
            ("long-header", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] + whole.dropFirst(8)),
            ("no-json", Array(whole.prefix(8)) + [UInt8](repeating: 0x7B, count: whole.count - 8)),
            ("cut", Array(whole.prefix(whole.count / 2))),
        ]
        for (name, bytes) in damages {
            let path = try folder.write(bytes, as: name + ".safetensors")
            try await expectRefusal(folder, model: path, saying: [])
        }
    }

    @Test("weights with one flipped bit")
    func flipped() async throws {
        let folder = try CommandFolder()
        let path = try folder.model()
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[bytes.count * 3 / 4] ^= 0x10
        try folder.write(bytes, as: "model.safetensors")
        try await expectRefusal(folder, model: path, saying: ["damaged"])
    }

    @Test("safetensors that hold another network, and none of ours")
    func otherNetworks() async throws {
        let folder = try CommandFolder()
        let other = folder.file("classifier.safetensors")
        try ModelFile.write(
            EfficientNetLite(.init(variant: 0), using: Generator(seed: 1)), to: other, task: "features",
            licence: "made by a test")
        try await expectRefusal(folder, model: other, saying: ["efficientnet-lite"])
        let foreign = folder.file("foreign.safetensors")
        try Safetensors.write([(name: "weight", tensor: .zeros([2, 2]))], to: foreign)
        try await expectRefusal(folder, model: foreign, saying: [])
    }
}
