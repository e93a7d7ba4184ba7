import Foundation
import HeirloomMedia
import HeirloomModels
import HeirloomTensors
import Testing

extension CommandFolder {
    /// A colourful picture, another for every seed.
    @discardableResult
    func colorPicture(_ name: String, seed: Int, width: Int = 160, height: Int = 136) throws -> String {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    let angle = Double(x) * (0.02 + 0.007 * Double((seed + channel) % 5))
                    let other = Double(y) * (0.05 - 0.006 * Double((seed * 3 + channel) % 7)) + Double(seed)
                    pixels.append(UInt8(128 + 100 * sin(angle + Double(2 * channel)) * cos(other)))
                }
            }
        }
        let url = URL(fileURLWithPath: file(name)).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let picture = StillImage(width: width, height: height, channels: .rgb, depth: .eight, pixels: pixels)
        _ = try StillWriter.write(picture, to: file(name), overwrite: true)
        return file(name)
    }
}

/// `data`, `evaluate colorize`, `inspect` and `find-rate` as a user runs them.
@Suite(.serialized) struct LookingCommandTests {
    private func photos(_ count: Int) throws -> CommandFolder {
        let folder = try CommandFolder()
        for seed in 0..<count { try folder.colorPicture("photos/\(seed).png", seed: seed) }
        return folder
    }

    /// Nothing may be left in the folder for temporary files.
    private var temporaryStores: Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())) ?? [])
            .count { $0.hasPrefix("heirloom-") && $0.contains(".pack") }
    }

    @Test("data says what is used, draws the sheet, and writes nothing else")
    func data() async throws {
        let folder = try photos(5)
        try FileManager.default.moveItem(
            atPath: try folder.picture("grey.png", width: 160, height: 160), toPath: folder.file("photos/x-grey.png"))
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder.file("photos/y.jpg")))
        let outcome = try await Program.heirloom(["data", "photos", "--sheet", "sheet.png"], in: folder.path)
        #expect(outcome.code == 0, "\(outcome)")
        #expect(
            outcome.output.hasPrefix(
                "5 of 7 pictures will be used; left out: 1 broken, 1 without colour."), "\(outcome)")
        #expect(outcome.output.contains("left out: photos/x-grey.png: it has no colour"), "\(outcome)")
        #expect(outcome.output.contains("photos/y.jpg"), "\(outcome)")
        #expect(outcome.errors.contains("wrote sheet.png"))
        // A row of used pictures, a row of the others; seven cells at most, here five.
        let sheet = try StillReader.probe(folder.file("sheet.png"))
        #expect(sheet.width == 4 + 5 * 220 && sheet.height == 4 + 2 * (160 + 40 + 4))
        #expect(try folder.names == ["photos", "sheet.png"])
        let again = try await Program.heirloom(["data", "photos", "--sheet", "sheet.png"], in: folder.path)
        #expect(again.code == 64 && again.errors.contains("--overwrite"), "\(again)")
    }

    @Test("data for programs is JSON, and the exit code is 1 where nothing can be used")
    func dataJSON() async throws {
        let folder = try CommandFolder()
        try folder.picture("grey.png", width: 160, height: 160)
        let outcome = try await Program.heirloom(["data", "grey.png", "--json"], in: folder.path)
        #expect(outcome.code == 1, "\(outcome)")
        let found = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "\(outcome)")
        #expect((found["verdict"] as? String)?.hasPrefix("None of 1 picture will be used") == true)
        let report = try #require(found["report"] as? [String: Any])
        #expect(report["usable"] as? Int == 0 && (report["leftOut"] as? [Any])?.count == 1)
    }

    @Test("an inspection makes the sheet, names the worst first, and leaves no store behind")
    func inspect() async throws {
        let folder = try photos(5)
        try folder.model()
        let before = temporaryStores
        let arguments = ["inspect", "model.safetensors", "photos", "-o", "s.png", "--count", "2", "--device", "cpu"]
        let outcome = try await Program.heirloom(arguments, in: folder.path)
        #expect(outcome.code == 0, "\(outcome)")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 5 && lines[0] == "5 pictures by chroma error (0 is perfect)", "\(outcome)")
        #expect(lines[1].hasPrefix("worst\t") && lines[3].hasPrefix("best\t"))
        let sheet = try StillReader.probe(folder.file("s.png"))
        #expect(sheet.width == 4 + 6 * 260 && sheet.height == 4 + 2 * (192 + 40 + 4))
        #expect(temporaryStores == before)
        let upscaler = try await Program.heirloom(
            ["inspect", "classifier.safetensors", "photos", "-o", "t.png"], in: folder.path)
        #expect(upscaler.code == 1 && upscaler.errorLines.count == 1, "\(upscaler)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("t.png")))
    }

    @Test("models are compared with grey and with the truth", .enabled(if: Self.hasClassifier, "weights not fetched"))
    func evaluate() async throws {
        let folder = try photos(3)
        try folder.model()
        let arguments = ["evaluate", "colorize", "photos", "--model", "model.safetensors", "--device", "cpu"]
        let outcome = try await Program.heirloom(arguments + ["--per-picture", "--limit", "2"], in: folder.path)
        #expect(outcome.code == 0, "\(outcome)")
        for words in ["grey", "model.safetensors", "true", "chroma error", "recognised", "PSNR dB *", "misleading"] {
            #expect(outcome.output.contains(words), "\(outcome)")
        }
        #expect(outcome.output.contains("0.png") && outcome.output.contains("1.png"), "\(outcome)")
    }

    @Test(
        "folders without a picture, unknown models and damaged stores give one sentence and exit code 1",
        arguments: [
            ["data", "empty"], ["data", "gone"], ["data", "archive.tar"], ["data", "bad.pack"],
            ["inspect", "model.safetensors", "empty", "-o", "s.png"],
            ["inspect", "no-such-model", "photos", "-o", "s.png"],
            ["inspect", "model.safetensors", "bad.pack", "-o", "s.png"],
            ["evaluate", "colorize", "empty", "--model", "model.safetensors"],
            ["evaluate", "colorize", "photos", "--model", "bad.pack"],
            ["find-rate", "photos"],
        ])
    func badInputs(_ arguments: [String]) async throws {
        let folder = try photos(3)  // too few to train on
        try folder.model()
        try FileManager.default.createDirectory(atPath: folder.file("empty"), withIntermediateDirectories: true)
        try folder.write(Array("archive".utf8), as: "archive.tar")
        try folder.write([UInt8](repeating: 7, count: 300), as: "bad.pack")
        let before = try folder.names
        let outcome = try await Program.heirloom(arguments, in: folder.path)
        #expect(outcome.code == 1, "\(outcome)")
        #expect(outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("heirloom: "), "\(outcome)")
        #expect(try folder.names == before, "nothing new")
    }

    @Test(
        "a training that is refused for its pictures leaves no store behind",
        .enabled(if: Self.hasClassifier, "weights not fetched"), arguments: ["colorize", "upscale"])
    func refusedTraining(_ task: String) async throws {
        let folder = try photos(1)
        let outcome = try await Program.heirloom(["train", task, "photos", "--out", "m.safetensors"], in: folder.path)
        #expect(outcome.code == 1, "\(outcome)")
        #expect(try folder.names == ["photos"], "\(outcome)")
    }

    /// Whether the classifier that judges is on this machine.
    static let hasClassifier: Bool = {
        guard let pretrained = try? Pretrained.standard() else { return false }
        return (try? pretrained.model(named: "efficientnet-lite1")).map { (try? pretrained.verify($0)) != nil } ?? false
    }()
}
