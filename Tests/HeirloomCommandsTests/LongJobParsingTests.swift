import ArgumentParser
import Foundation
import HeirloomMedia
import HeirloomRestoration
import Testing

@testable import HeirloomCommands

/// The options that long jobs on films have, wherever they stand.
@Suite struct LongJobParsingTests {
    @Test("every option reaches the settings of the film", arguments: ["colorize", "upscale", "restore"])
    func options(command: String) throws {
        let words = [
            command, "a.mp4", "-o", "b.mp4", "--restart", "--keep-going", "--shard", "2/4", "--devices", "0,cpu",
            "--silent-speed",
            "16",
        ]
        let parsed = try HeirloomCommand.parseAsRoot(words)
        let long = try #require(
            (parsed as? ColorizeCommand)?.long ?? (parsed as? UpscaleCommand)?.long ?? (parsed as? RestoreCommand)?.long
        )
        var film = FilmSettings()
        long.apply(to: &film)
        #expect(film.restart && film.keepGoing && film.shard == Shard(2, of: 4) && film.speed == Rational(16, 1))
        #expect(film.devices == [DeviceChoice("cuda:0"), DeviceChoice("cpu")])
        #expect(long.given == ["--restart", "--keep-going", "--shard", "--devices", "--silent-speed"])
    }

    @Test(
        "speeds",
        arguments: [("18", Rational(18, 1)), ("16.667", Rational(16667, 1000)), ("50/3", Rational(50, 3))])
    func speeds(text: String, speed: Rational) throws {
        #expect(try FilmValues.speed(text) == .fixed(speed))
        #expect(try FilmValues.speed("auto") == .auto)
    }

    @Test(
        "what makes no sense is refused with a sentence",
        arguments: [
            (["--shard", "5/4"], "as 2/4"), (["--shard", "0/4"], "as 2/4"), (["--shard", "two"], "as 2/4"),
            (["--devices", "0,,1"], "with commas"), (["--devices", "auto,cpu"], "with commas"),
            (["--devices", ""], "with commas"), (["--silent-speed", "0"], "between 1 and 120"),
            (["--silent-speed", "fast"], "between 1 and 120"), (["--silent-speed", "1/0"], "between 1 and 120"),
            (["--shard", "1/2", "--report", "r.html"], "heirloom join"),
        ])
    func refusals(options: [String], words: String) throws {
        for command in ["colorize", "upscale", "restore"] {
            let error = #expect(throws: (any Error).self) {
                try HeirloomCommand.parseAsRoot([command, "a.mp4", "-o", "b.mp4"] + options)
            }
            let message = HeirloomCommand.fullMessage(for: try #require(error))
            #expect(message.contains(words), "\(message)")
            #expect(HeirloomCommand.exitCode(for: try #require(error)) == .validationFailure)
        }
    }

    @Test(
        "options of restore that contradict each other",
        arguments: [
            (["--upscale", "huge"], "--upscale huge is no size"), (["--color-strength", "4"], "--color-strength 4"),
            (["--upscale", "2", "--color-model", "m"], "--color-model is for --colorize"),
            (["--colorize", "--upscale-model", "m"], "--upscale-model is for --upscale"),
            (["--clean", "--shard", "1/2"], "--clean alone is not divided"),
        ])
    func restore(options: [String], words: String) throws {
        let error = #expect(throws: (any Error).self) { try RestoreCommand.parse(["a.mp4", "-o", "b.mp4"] + options) }
        #expect(RestoreCommand.fullMessage(for: try #require(error)).contains(words))
    }

    @Test("options for films are refused for pictures, those about one film for several; names before any work")
    func places() async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        try await folder.film("a.mp4")
        try await folder.film("b.mp4")
        try folder.write([1], as: "there.html")
        let bad = [
            (["a.png", "-o", "b.png", "--report", "r.html"], 64, "'a.png' is a picture"),
            (["a.png", "a.mp4", "-o", "out/", "--shard", "1/2"], 64, "'a.png' is a picture"),
            (["a.mp4", "b.mp4", "-o", "out/", "--report", "r.html"], 64, "one film alone"),
            (["a.mp4", "b.mp4", "-o", "out/", "--silent-speed", "auto"], 64, "one film alone"),
            (["a.mp4", "-o", "b.mkv", "--report", "r.txt"], 1, "r.txt"),
            (["a.mp4", "-o", "b.mkv", "--report", "there.html"], 1, "there.html"),
            (["a.mp4", "-o", "c.mp4", "--compare", "c.mp4"], 64, "c.mp4"),
            (["a.mp4", "-o", "b.mkv", "--silent-speed", "16"], 1, "sound"),
        ]
        let before = try folder.names
        for (words, code, text) in bad {
            let outcome = try await Program.heirloom(["colorize"] + words, in: folder.path)
            #expect(outcome.code == code && outcome.output.isEmpty, "\(words): \(outcome)")
            #expect(outcome.errors.contains(text), "\(words): \(outcome)")
            #expect(try folder.names == before, "\(words)")
        }
    }
}
