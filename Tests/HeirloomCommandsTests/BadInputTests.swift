import Foundation
import HeirloomMedia
import Testing

/// Inputs and outputs that cannot be: each gives exit code 1, one sentence that names the file, and no file.
@Suite(.serialized) struct BadInputTests {
    /// Runs `heirloom colorize INPUT -o OUTPUT` and expects a clean failure.
    ///
    /// - Parameters:
    ///   - name: what the sentence must name.
    ///   - words: what else it must say.
    private func expectRefusal(
        _ folder: CommandFolder, _ input: String, output: String = "out.mp4", options: [String] = [],
        naming name: String? = nil,
        saying words: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let before = try folder.names
        let contents = before.map { FileManager.default.contents(atPath: folder.file($0)) }
        let outcome = try await Program.heirloom(
            ["colorize", "--progress", "none", "-o", folder.file(output)] + options + ["--", folder.file(input)],
            in: folder.path)
        #expect(outcome.code == 1, "\(outcome)", sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
        let lines = outcome.errorLines
        #expect(lines.count == 1, "one sentence: \(outcome)", sourceLocation: sourceLocation)
        let sentence = lines.first ?? ""
        #expect(sentence.hasPrefix("heirloom: "), "\(outcome)", sourceLocation: sourceLocation)
        #expect(sentence.contains(name ?? input), "names the file: \(sentence)", sourceLocation: sourceLocation)
        for word in words { #expect(sentence.contains(word), "\(sentence)", sourceLocation: sourceLocation) }
        for word in ["Optional(", "Error Domain", "MediaError(", "(null)", "NSError"] {
            #expect(!sentence.contains(word), "\(sentence)", sourceLocation: sourceLocation)
        }
        #expect(try folder.names == before, "nothing new, hidden files included", sourceLocation: sourceLocation)
        let after = before.map { FileManager.default.contents(atPath: folder.file($0)) }
        #expect(after == contents, "nothing changed", sourceLocation: sourceLocation)
    }

    @Test("a file that is not there")
    func missing() async throws {
        try await expectRefusal(try CommandFolder(), "gone.mp4", saying: ["no such file"])
    }

    @Test("an empty file", arguments: ["empty.mp4", "empty.jpg"])
    func empty(name: String) async throws {
        let folder = try CommandFolder()
        try folder.write([], as: name)
        try await expectRefusal(folder, name, saying: ["empty"])
    }

    @Test("a text that calls itself a film or a picture", arguments: ["text.mp4", "text.mkv", "text.jpg", "text.tif"])
    func text(name: String) async throws {
        let folder = try CommandFolder()
        try folder.write(Array("This is a letter to my grandmother.\n".utf8), as: name)
        // A film reader would call anything a picture that is named so.
        let words = name.hasSuffix("jpg") || name.hasSuffix("tif") ? ["it is a text"] : []
        try await expectRefusal(folder, name, saying: words)
    }

    @Test("random bytes", arguments: ["noise.mp4", "noise.avi", "noise.png"])
    func noise(name: String) async throws {
        let folder = try CommandFolder()
        var state: UInt32 = 7
        try folder.write(
            (0..<20_000).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(truncatingIfNeeded: state >> 24)
            }, as: name)
        try await expectRefusal(folder, name)
    }

    @Test("an MP4 file cut before its index")
    func truncatedFilm() async throws {
        let folder = try CommandFolder()
        try await folder.film("whole.mp4")
        try folder.write(Array(try folder.bytes(of: "whole.mp4").prefix(3000)), as: "cut.mp4")
        try FileManager.default.removeItem(atPath: folder.file("whole.mp4"))
        try await expectRefusal(folder, "cut.mp4")
    }

    @Test("pictures cut in the middle, alone and among others")
    func truncatedPictures() async throws {
        let folder = try CommandFolder()
        let names = ["cut.jpg", "cut.png", "cut.tif", "cut.webp"]
        for name in names {
            try folder.picture(name, width: 256, height: 256)
            let whole = try folder.bytes(of: name)
            try folder.write(Array(whole.prefix(whole.count / 2)), as: name)
        }
        let options = ["--model", try folder.model(), "--render-size", "64", "--device", "cpu"]
        try await expectRefusal(folder, "cut.jpg", output: "out.png", options: options)
        let outcome = try await Program.heirloom(["colorize", "-o", "out"] + options + names, in: folder.path)
        #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)")
        for name in names { #expect(outcome.errorLines.count { $0.contains(name) } == 1, "\(outcome)") }
        #expect(outcome.errors.contains("0 done, 4 failed"), "\(outcome)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("out")).isEmpty)
    }

    @Test("sound without a picture", arguments: ["sound.wav", "sound.mp4"])
    func soundOnly(name: String) async throws {
        let folder = try CommandFolder()
        try await Program.ffmpeg(["-f", "lavfi", "-i", "sine=frequency=440:duration=1", folder.file(name)])
        try await expectRefusal(folder, name, saying: ["no moving picture"])
    }

    @Test("a folder where a file is meant, a file where a folder is meant")
    func folders() async throws {
        let folder = try CommandFolder()
        try FileManager.default.createDirectory(atPath: folder.file("films"), withIntermediateDirectories: true)
        try await expectRefusal(folder, "films", output: "out", naming: "films", saying: ["no picture and no film"])
        try folder.picture("a.jpg")
        try FileManager.default.moveItem(atPath: folder.file("a.jpg"), toPath: folder.file("films/a.jpg"))
        try folder.write([1], as: "out")
        try await expectRefusal(folder, "films", output: "out", naming: "out", saying: ["a file of that name exists"])
    }

    @Test("the output is the input, under its own name or through a link, also with --overwrite")
    func outputIsInput() async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        try await expectRefusal(
            folder, "a.png", output: "a.png", options: ["--overwrite"], saying: ["it is the input file itself"])
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("b.png"), withDestinationPath: folder.file("a.png"))
        try await expectRefusal(
            folder, "a.png", output: "b.png", options: ["--overwrite"], naming: "b.png",
            saying: ["it is the input file itself"])
        try await folder.film("film.mp4")
        try await expectRefusal(
            folder, "film.mp4", output: "film.mp4", options: ["--overwrite"], saying: ["it is the input file itself"])
    }

    @Test("an output that exists is not replaced unasked")
    func outputExists() async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        try folder.write([1, 2, 3], as: "out.png")
        try await expectRefusal(
            folder, "a.png", output: "out.png", naming: "out.png", saying: ["exists", "--overwrite"])
        try await folder.film("film.mp4")
        try folder.write([1, 2, 3], as: "out.mp4")
        try await expectRefusal(folder, "film.mp4", naming: "out.mp4", saying: ["exists", "--overwrite"])
    }

    @Test("an output in a folder that is not there, and one with an ending that means nothing")
    func outputNames() async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        try await expectRefusal(folder, "a.png", output: "no/out.png", naming: "no/out.png", saying: ["does not exist"])
        try await expectRefusal(folder, "a.png", output: "out.xyz", naming: "out.xyz")
        try await expectRefusal(folder, "a.png", output: "out.mp4", naming: "out.mp4")
        try await folder.film("film.mp4")
        try await expectRefusal(folder, "film.mp4", output: "out.xyz", naming: "out.xyz")
        try await expectRefusal(folder, "film.mp4", output: "out.mp4", options: ["--codec", "ffv1"], naming: "out.mp4")
    }

    @Test("a folder that may not be written to", .enabled(if: getuid() != 0, "root may write everywhere"))
    func unwritable() async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        let closed = folder.file("closed")
        try FileManager.default.createDirectory(
            atPath: closed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o555])
        try await expectRefusal(
            folder, "a.png", output: "closed/out.png", naming: "closed", saying: ["may not be written to"])
    }

    @Test("a file that may not be read", .enabled(if: getuid() != 0, "root may read everything"))
    func unreadable() async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: folder.file("a.png"))
        try await expectRefusal(folder, "a.png", output: "out.png", saying: ["permission"])
    }

    @Test("a picture that claims a size no memory holds is refused before it is decoded")
    func bomb() async throws {
        let folder = try CommandFolder()
        try folder.write(CommandFolder.png(claiming: 60_000, 60_000), as: "bomb.png")
        let start = ContinuousClock.now
        try await expectRefusal(folder, "bomb.png", output: "out.png", saying: ["60000"])
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("a trial piece behind the end of the film")
    func behindTheEnd() async throws {
        let folder = try CommandFolder()
        try await folder.film("film.mp4")
        let model = try folder.model()
        try await expectRefusal(folder, "film.mp4", options: ["--model", model, "--from", "1:00"])
    }

    @Test(
        "a GPU that is not there",
        .enabled(if: !FileManager.default.fileExists(atPath: "/dev/nvidia0"), "there is a GPU"))
    func noGPU() async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        let model = try folder.model()
        try await expectRefusal(
            folder, "a.png", output: "out.png", options: ["--model", model, "--device", "cuda"], naming: "cuda")
    }

    @Test("of several inputs the broken ones are named, the others done, and the exit code is 1")
    func oneOfSeveral() async throws {
        let folder = try CommandFolder()
        try folder.picture("good.png")
        try folder.write(Array("no picture".utf8), as: "bad.png")
        let model = try folder.model()
        let outcome = try await Program.heirloom(
            [
                "colorize", "good.png", "bad.png", "gone.png", "-o", "out/", "--model", model, "--render-size", "64",
                "--device", "cpu",
            ], in: folder.path)
        #expect(outcome.code == 1, "\(outcome)")
        #expect(outcome.output == "out/good.png\n")
        #expect(outcome.errorLines.contains { $0.contains("bad.png") }, "\(outcome)")
        #expect(outcome.errorLines.contains { $0.contains("gone.png") && $0.contains("no such file") }, "\(outcome)")
        #expect(outcome.errors.contains("1 done, 2 failed"), "\(outcome)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("out")) == ["good.png"])
    }
}
