import ArgumentParser
import Foundation
import HeirloomMedia
import HeirloomModels
import HeirloomRestoration
import HeirloomTensors
import Testing

@testable import HeirloomCommands

/// `heirloom upscale` as a user runs it, with a tiny network: these tests are about files, options and exit codes.
@Suite(.serialized) struct UpscaleCommandTests {
    /// A network with made-up weights that enlarges twice.
    private static let model: Result<[UInt8], any Error> = Result {
        let folder = try CommandFolder()
        try ModelFile.write(
            SRVGGNetCompact(
                SRVGGNetCompactConfiguration(upscale: 2, convolutions: 2, features: 8), using: Generator(seed: 1)),
            to: folder.file("m"), task: "upscale", licence: "made by a test")
        return try folder.bytes(of: "m")
    }

    private func upscale(
        _ folder: CommandFolder, _ arguments: [String], interruptAt text: String? = nil
    ) async throws -> Program.Outcome {
        try folder.write(try Self.model.get(), as: "model.safetensors")
        return try await Program.heirloom(
            ["upscale", "--model", "model.safetensors", "--device", "cpu"] + arguments, in: folder.path,
            interruptAt: text)
    }

    private func size(_ folder: CommandFolder, _ name: String) throws -> [Int] {
        let picture = try StillReader.read(folder.file(name))
        return [picture.width, picture.height]
    }

    @Test("what is not said has its default; every option reaches its place")
    func options() throws {
        let plain = try UpscaleCommand.parse(["a.png", "-o", "b.png"]).settings()
        #expect(plain.target == nil && plain.strength == 1 && plain.locksColor && plain.tile == nil)
        #expect(plain.model == .standard && plain.denoise == nil && plain.precision == .auto)
        let all = try UpscaleCommand.parse([
            "a.png", "b.mp4", "-o", "out/", "--scale", "1080p", "--strength", "0.5", "--no-color-lock", "--model",
            "realesr-general-x4v3", "--denoise", "0.3", "--tile", "256", "--device", "cpu", "--precision", "float32",
            "--threads", "2", "-r", "--codec", "ffv1",
        ])
        let settings = try all.settings()
        #expect(settings.target == .screen(lines: 1080) && settings.strength == 0.5 && !settings.locksColor)
        #expect(settings.denoise == 0.3 && settings.tile == 256 && settings.threads == 2 && all.recursive)
        #expect(settings.precision == .float32 && all.film.codec == .ffv1)
    }

    @Test(
        "wrong usage is refused with exit code 64, and the message says what is wrong",
        arguments: [
            (["--scale", "0"], "--scale 0"), (["--scale", "17"], "--scale 17"), (["--scale", "big"], "--scale big"),
            (["--scale", "0x5"], "--scale 0x5"), (["--strength", "1.5"], "--strength 1.5 is outside 0...1"),
            (["--denoise", "0.5"], "--denoise works only with"),
            (["--model", "realesr-general-x4v3", "--denoise", "2"], "--denoise 2.0 is outside"),
            (["--tile", "5"], "--tile 5"), (["--tile", "some"], "--tile some"), (["--threads", "0"], "--threads"),
            (["--device", "tpu"], "--device tpu"), (["--burst"], "at least two"),
            (["b.png", "--burst", "--recursive"], "--recursive"),
        ])
    func refusals(arguments: [String], words: String) throws {
        let error = #expect(throws: (any Error).self) {
            try HeirloomCommand.parseAsRoot(["upscale", "a.png", "-o", "out.png"] + arguments)
        }
        #expect(HeirloomCommand.exitCode(for: try #require(error)) == .validationFailure)
        #expect(HeirloomCommand.fullMessage(for: try #require(error)).contains(words))
    }

    @Test("pictures of every odd size come out larger, grey stays grey")
    func pictures() async throws {
        let folder = try CommandFolder()
        let sizes = [(1, 1), (3, 7), (1, 40), (33, 1)]
        let names = sizes.map { "\($0.0)x\($0.1).png" }
        for (name, size) in zip(names, sizes) { try folder.picture(name, width: size.0, height: size.1) }
        let outcome = try await upscale(folder, ["-o", "out"] + names)
        #expect(outcome.code == 0, "\(outcome)")
        for (name, size) in zip(names, sizes) {
            #expect(try self.size(folder, "out/" + name) == [size.0 * 2, size.1 * 2])
            #expect(try StillReader.read(folder.file("out/" + name)).channels == .grey)
        }
        let exact = try await upscale(folder, ["3x7.png", "-o", "e.png", "--scale", "9x9", "--no-color-lock"])
        #expect(exact.code == 0, "\(exact)")
        #expect(try size(folder, "e.png") == [9, 9])
    }

    @Test("a film grows; its sound, its frames and their times stay")
    func film() async throws {
        let folder = try CommandFolder()
        try await folder.film("film.mp4")
        let outcome = try await upscale(folder, ["film.mp4", "-o", "out.mp4", "--scale", "2", "--progress", "json"])
        #expect(outcome.code == 0 && outcome.output == "out.mp4\n", "\(outcome)")
        #expect(try folder.names == ["film.mp4", "model.safetensors", "out.mp4"])
        var times: [String] = []
        for name in ["film.mp4", "out.mp4"] {
            let packets = try await Program.run(
                "/usr/bin/env",
                [
                    "ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "frame=pts_time", "-of",
                    "csv=p=0", folder.file(name),
                ])
            times.append(packets.output)
        }
        #expect(times[0] == times[1] && times[0].split(separator: "\n").count == 10)
        let film = try MediaSummary(path: folder.file("out.mp4")).film
        #expect(film != nil)
        let probe = try await Program.run(
            "/usr/bin/env",
            [
                "ffprobe", "-v", "error", "-show_entries", "stream=codec_type,width,height", "-of", "csv=p=0",
                folder.file("out.mp4"),
            ])
        #expect(probe.output.contains("video,128,96") && probe.output.contains("audio"), "\(probe)")
    }

    @Test("a burst becomes one picture; one frame and frames of two sizes are refused")
    func burst() async throws {
        let folder = try CommandFolder()
        for name in ["1.png", "2.png", "3.png"] { try folder.picture(name) }
        try folder.picture("small.png", width: 20, height: 20)
        let outcome = try await Program.heirloom(
            ["upscale", "--burst", "1.png", "2.png", "3.png", "-o", "out.png"], in: folder.path)
        #expect(outcome.code == 0 && outcome.output == "out.png\n", "\(outcome)")
        #expect(try size(folder, "out.png") == [96, 64])
        let single = try await Program.heirloom(["upscale", "--burst", "1.png", "-o", "x.png"], in: folder.path)
        #expect(single.code == 64 && single.errors.contains("at least two"), "\(single)")
        let mixed = try await Program.heirloom(
            ["upscale", "--burst", "1.png", "small.png", "-o", "x.png"], in: folder.path)
        #expect(mixed.code == 1 && mixed.errorLines.count == 1 && mixed.errors.contains("small.png"), "\(mixed)")
        #expect(try !folder.names.contains("x.png"))
    }

    @Test(
        "inputs and models that cannot be: exit code 1, one sentence, no file",
        arguments: [
            (["gone.png", "-o", "x.png"], "no such file"), (["empty.png", "-o", "x.png"], "empty"),
            (["letter.png", "-o", "x.png"], "letter.png"), (["cut.png", "-o", "x.png"], "cut.png"),
            (["a.png", "-o", "a.png"], "a.png"), (["a.png", "-o", "x.doc"], "x.doc"),
            (["a.png", "-o", "x.png", "--model", "rembrandt"], "rembrandt"),
            (["a.png", "-o", "x.png", "--model", "letter.png"], "letter.png"),
            (["tiny.png", "-o", "x.png", "--scale", "1080p"], "more than 16 times"),
            (["a.png", "-o", "x.png", "--device", "cuda:7"], "cuda:7"),
        ])
    func badInputs(arguments: [String], words: String) async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        try folder.picture("tiny.png", width: 1, height: 1)
        try folder.write([], as: "empty.png")
        try folder.write(Array("This is a letter.\n".utf8), as: "letter.png")
        // Enough that its header is whole and its rows are not.
        try folder.picture("large.png", width: 300, height: 300)
        try folder.write(Array(try folder.bytes(of: "large.png").prefix(300)), as: "cut.png")
        try folder.write(try Self.model.get(), as: "model.safetensors")
        let before = try folder.names
        let outcome = try await upscale(folder, ["--progress", "none"] + arguments)
        #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(words), "\(outcome)")
        #expect(outcome.errorLines.first?.hasPrefix("heirloom: ") == true, "\(outcome)")
        #expect(try folder.names == before)
    }

    @Test("Ctrl-C before anything is finished ends with 130 and leaves nothing behind")
    func interruption() async throws {
        let folder = try CommandFolder()
        // Three seconds, the first piece that is kept, are many frames.
        try await folder.film("long.mp4", seconds: 4, size: "320x240", rate: 100)
        let outcome = try await upscale(
            folder, ["long.mp4", "-o", "out.mp4", "--progress", "json"], interruptAt: "\"state\":\"running\"")
        #expect(outcome.code == 130, "\(outcome)")
        #expect(try folder.names == ["long.mp4", "model.safetensors"])
    }

    @Test("every option has a word of help, and sizes are explained")
    func help() {
        let help = HeirloomCommand.helpMessage(for: UpscaleCommand.self, columns: 200)
        for option in [
            "--output", "--scale", "--model", "--strength", "--color-lock", "--denoise", "--tile", "--burst",
            "--device", "--precision", "--threads", "--codec", "--overwrite", "1080p", "800x600",
        ] { #expect(help.contains(option), "\(option)") }
    }
}
