import Foundation
import HeirloomMedia
import Testing

/// The program as a user runs it, on inputs that work.
@Suite(.serialized) struct EndToEndTests {
    private func colorize(
        _ folder: CommandFolder, _ arguments: [String], interruptAt text: String? = nil
    ) async throws -> Program.Outcome {
        try await Program.heirloom(
            ["colorize", "--model", try folder.model(), "--render-size", "64", "--device", "cpu"] + arguments,
            in: folder.path, interruptAt: text)
    }

    @Test("without arguments the program shows its help; --version is one line")
    func helpAndVersion() async throws {
        let help = try await Program.heirloom([])
        #expect(help.code == 0 && help.output.contains("EXAMPLES") && help.errors.isEmpty, "\(help)")
        let version = try await Program.heirloom(["--version"])
        #expect(version.code == 0 && version.output.split(separator: "\n").count == 1, "\(version)")
        #expect(version.output.first?.isNumber == true)
    }

    @Test("wrong usage ends with 64, an explanation on standard error and nothing on standard output")
    func usage() async throws {
        let outcome = try await Program.heirloom(["colorize", "a.mp4"])
        #expect(outcome.code == 64 && outcome.output.isEmpty && outcome.errors.contains("--output"), "\(outcome)")
    }

    @Test("names with spaces, accents, emoji, brackets and a leading dash are only names")
    func names() async throws {
        let folder = try CommandFolder()
        let names = ["-dash.png", "two words.png", "éclair naïve.png", "🎞️ 家族.png", "[1] 100%.png", "a'b\"c.png"]
        for name in names { try folder.picture(name) }
        let outcome = try await colorize(folder, ["-o", "out of it/", "--"] + names)
        #expect(outcome.code == 0, "\(outcome)")
        #expect(outcome.output == names.map { "out of it/\($0)\n" }.joined(), "\(outcome)")
        for name in names {
            let picture = try StillReader.read(folder.file("out of it/" + name))
            #expect(picture.width == 48 && picture.height == 32 && picture.channels == .rgb)
        }
        let single = try await colorize(folder, ["--output=-🎞️ é.png", "--", "-dash.png"])
        #expect(single.code == 0 && single.output == "-🎞️ é.png\n", "\(single)")
        #expect(try folder.names.contains("-🎞️ é.png"))
    }

    @Test("pictures of every odd size come out at their size")
    func oddSizes() async throws {
        let folder = try CommandFolder()
        let sizes = [(1, 1), (3, 7), (1, 40), (33, 1)]
        let names = sizes.map { "\($0.0)x\($0.1).png" }
        for (name, size) in zip(names, sizes) { try folder.picture(name, width: size.0, height: size.1) }
        let outcome = try await colorize(folder, ["-o", "out"] + names)
        #expect(outcome.code == 0, "\(outcome)")
        for (name, size) in zip(names, sizes) {
            let picture = try StillReader.read(folder.file("out/" + name))
            #expect(picture.width == size.0 && picture.height == size.1)
        }
    }

    @Test("a film: the same number of frames, the sound, the result's name on standard output, no leftovers")
    func film() async throws {
        let folder = try CommandFolder()
        try await folder.film("film.mp4")
        let outcome = try await colorize(folder, ["film.mp4", "-o", "out.mp4", "--progress", "json"])
        #expect(outcome.code == 0 && outcome.output == "out.mp4\n", "\(outcome)")
        #expect(try folder.names == ["film.mp4", "model.safetensors", "out.mp4"])
        let probe = try await Program.run(
            "/usr/bin/env",
            [
                "ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=codec_type,nb_read_frames", "-of",
                "csv=p=0", folder.file("out.mp4"),
            ])
        #expect(probe.output.contains("video,10"), "\(probe)")
        #expect(probe.output.contains("audio,"), "\(probe)")
        // Programs read a line of JSON that says how it ended.
        let last = outcome.errorLines.last { $0.hasPrefix("{") } ?? ""
        let state = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
        #expect(state?["state"] as? String == "done", "\(outcome)")
        #expect(state?["completed"] as? Int == 10, "\(outcome)")
    }

    @Test("a film of one frame, and a film without sound")
    func shortFilms() async throws {
        let folder = try CommandFolder()
        for (name, frames) in [("one.mkv", "1"), ("mute.mkv", "3")] {
            try await Program.ffmpeg([
                "-f", "lavfi", "-i", "testsrc2=size=50x38:rate=5", "-frames:v", frames, "-pix_fmt", "gray", "-c:v",
                "ffv1",
                folder.file(name),
            ])
            let outcome = try await colorize(folder, [name, "-o", "out-" + name, "--codec", "ffv1"])
            #expect(outcome.code == 0, "\(outcome)")
            #expect(try MediaSummary(path: folder.file("out-" + name)).film != nil)
        }
    }

    @Test("Ctrl-C before anything is finished ends with 130 and leaves nothing behind")
    func interruption() async throws {
        let folder = try CommandFolder()
        try await folder.film("long.mp4", seconds: 12, size: "160x120", rate: 100)
        let before = try folder.names
        let outcome = try await Program.heirloom(
            ["colorize", "--model", try folder.model(), "--device", "cpu", "long.mp4", "-o", "out.mp4"],
            in: folder.path, at: .interrupt(at: folder.file("out.mp4.heirloom/job.json")))
        #expect(outcome.code == 130, "\(outcome)")
        #expect(outcome.errorLines.last?.contains("nothing unfinished was left behind") == true, "\(outcome)")
        #expect(try folder.names == (before + ["model.safetensors"]).sorted())
    }

    @Test("a folder: pictures and films under their names, other files listed, earlier results not taken for inputs")
    func wholeFolder() async throws {
        let folder = try CommandFolder()
        try FileManager.default.createDirectory(atPath: folder.file("box/old"), withIntermediateDirectories: true)
        for name in ["box/a.png", "box/old/b.jpg"] { try folder.picture(name) }
        try folder.write(Array("a letter".utf8), as: "box/letter.txt")
        let outcome = try await colorize(folder, ["box", "-o", "out", "--recursive"])
        #expect(outcome.code == 0, "\(outcome)")
        #expect(outcome.output == "out/a.png\nout/old/b.jpg\n", "\(outcome)")
        #expect(outcome.errors.contains("letter.txt"), "\(outcome)")
    }

    @Test("info describes films and pictures, as text and as JSON, and names what it cannot read")
    func info() async throws {
        let folder = try CommandFolder()
        try await folder.film("film.mp4")
        try folder.picture("a.png")
        let text = try await Program.heirloom(["info", "film.mp4", "a.png"], in: folder.path)
        #expect(text.code == 0 && text.output.contains("64 × 48") && text.output.contains("48 × 32"), "\(text)")
        let json = try await Program.heirloom(["info", "--json", "film.mp4"], in: folder.path)
        #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any], "\(json)")
        let mixed = try await Program.heirloom(["info", "gone.mp4", "a.png"], in: folder.path)
        #expect(mixed.code == 1 && mixed.output.contains("48 × 32") && mixed.errors.contains("gone.mp4"), "\(mixed)")
        #expect(mixed.errorLines.count == 1, "\(mixed)")
    }

    @Test("models lists what it knows, with licences")
    func models() async throws {
        let outcome = try await Program.heirloom(["models"])
        #expect(outcome.code == 0 && outcome.output.contains("heirloom-color"), "\(outcome)")
        #expect(outcome.output.contains("licence: Apache-2.0"), "\(outcome)")
    }
}
