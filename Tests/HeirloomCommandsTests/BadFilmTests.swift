import Foundation
import HeirloomMedia
import Testing

/// Films that are none, cut off or damaged, through every command that takes films.
@Suite(.serialized) struct BadFilmTests {
    /// Makes a bad film.
    private static func make(_ name: String, in folder: CommandFolder) async throws {
        func cut(_ bytes: Int) async throws {
            try await folder.film("whole.mp4")
            try folder.write(Array(try folder.bytes(of: "whole.mp4").prefix(bytes)), as: name)
            try FileManager.default.removeItem(atPath: folder.file("whole.mp4"))
        }
        switch name {
        case "empty.mp4": try folder.write([], as: name)
        case "text.mp4", "text.mkv": try folder.write(Array("A letter to my grandmother.\n".utf8), as: name)
        case "header.mp4": try await cut(40)
        case "cut.mp4": try await cut(3000)
        case "sound.mp4":
            try await Program.ffmpeg(["-f", "lavfi", "-i", "sine=frequency=440:duration=1", folder.file(name)])
        case "picture.mp4":
            try folder.picture("a.png")
            try FileManager.default.moveItem(atPath: folder.file("a.png"), toPath: folder.file(name))
        case "zeros.mkv": try folder.write([UInt8](repeating: 0, count: 20_000), as: name)
        default: break
        }
    }

    @Test(
        "each fails in one sentence that names the file, and leaves nothing",
        arguments: [
            "gone.mp4", "empty.mp4", "text.mp4", "text.mkv", "header.mp4", "cut.mp4", "sound.mp4", "zeros.mkv",
            "picture.mp4",
        ])
    func everyCommand(name: String) async throws {
        let folder = try CommandFolder()
        try await Self.make(name, in: folder)
        let before = try folder.names
        var lines = [
            ["restore", name, "-o", "out.mp4"], ["restore", name, "-o", "out.mp4", "--colorize", "--upscale", "2"],
            ["plan", name], ["resume", name], ["join", name],
        ]
        // A picture is a picture, whatever it is called; colorize and upscale refuse to make a film of it.
        lines += [["colorize", name, "-o", "out.mp4"], ["upscale", name, "-o", "out.mp4"]]
        for line in lines {
            let outcome = try await Program.heirloom(line + ["--progress", "none"], in: folder.path)
            // That a picture is no film is wrong usage.
            let isUsage = name == "picture.mp4" && outcome.code == 64
            #expect(outcome.code == 1 || isUsage, "\(line): \(outcome)")
            #expect(outcome.output.isEmpty && !outcome.errors.contains("(null)"), "\(line): \(outcome)")
            #expect(isUsage || outcome.errorLines.count == 1, "\(line): \(outcome)")
            #expect(outcome.errors.contains(name) || outcome.errors.contains("out.mp4"), "\(line): \(outcome)")
            #expect(try folder.names == before, "\(line)")
        }
    }

    @Test("restore calls an empty film a film, and says of a picture that it is none")
    func restoreOfNoFilm() async throws {
        let folder = try CommandFolder()
        try folder.write([], as: "empty.mp4")
        try folder.picture("a.png")
        let before = try folder.names
        let empty = try await Program.heirloom(["restore", "empty.mp4", "-o", "out.mp4"], in: folder.path)
        #expect(empty.code == 1 && empty.errorLines.count == 1 && !empty.errors.contains("picture"), "\(empty)")
        for target in ["out.mp4", "out.png"] {
            let still = try await Program.heirloom(["restore", "a.png", "-o", target], in: folder.path)
            #expect(still.code == 64 && still.errors.contains("restore is for films, and 'a.png' is none"), "\(still)")
        }
        #expect(try folder.names == before)
    }

    @Test("a film with a damaged middle is done to its end, and the damage is told")
    func damagedMiddle() async throws {
        let folder = try CommandFolder()
        try folder.model()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=3,hue=s=0", "-c:v", "libx264", "-g", "5",
            "-pix_fmt", "yuv420p", folder.file("film.mkv"),
        ])
        var bytes = try folder.bytes(of: "film.mkv")
        for place in bytes.count / 2..<bytes.count / 2 + 400 { bytes[place] = UInt8(truncatingIfNeeded: place &* 37) }
        try folder.write(bytes, as: "film.mkv")
        let outcome = try await Program.heirloom(
            [
                "colorize", "film.mkv", "-o", "out.mkv", "--model", "model.safetensors", "--render-size", "64",
                "--device", "cpu", "--report", "out.html",
            ], in: folder.path)
        #expect(outcome.code == 0 && outcome.output == "out.mkv\n", "\(outcome)")
        #expect(outcome.errors.lowercased().contains("damage"), "\(outcome)")
        #expect(try folder.names == ["film.mkv", "model.safetensors", "out.html", "out.mkv"])
    }
}
