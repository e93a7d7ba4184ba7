import ArgumentParser
import Foundation
import HeirloomMedia
import HeirloomRestoration
import Testing

@testable import HeirloomCommands

/// What the argument parser makes of command lines, without running anything.
@Suite struct ParsingTests {
    @Test("colorize: what is not said has its default")
    func colorizeDefaults() throws {
        let command = try ColorizeCommand.parse(["film.mp4", "-o", "out.mp4"])
        #expect(command.inputs == ["film.mp4"] && command.output.output == "out.mp4")
        #expect(command.model == nil && command.renderSize == nil && command.strength == 1 && command.stabilize)
        #expect(!command.recursive && !command.output.overwrite && command.still.pictureQuality == 95)
        let film = try command.film.settings(overwrite: true)
        #expect(film.encoding.codec == .h264 && film.encoding.quality == nil && film.fields == .detect)
        #expect(film.from == nil && film.limit == nil && film.overwrite)
        #expect(command.device.precision == .auto && command.device.threads == nil)
        #expect(try command.device.choice() == .auto)
    }

    @Test("colorize: every option reaches its place")
    func colorizeOptions() throws {
        let command = try ColorizeCommand.parse([
            "a.mkv", "b.jpg", "-o", "out/", "--model", "mine.safetensors", "--render-size", "320", "--strength", "1.5",
            "--no-stabilize", "-r", "--picture-quality", "80", "--codec", "ffv1", "--fields", "deinterlace", "--from",
            "1:02:03.5", "--limit", "90", "--device", "cpu", "--precision", "bfloat16", "--threads", "2", "--overwrite",
            "--progress", "json",
        ])
        #expect(command.inputs == ["a.mkv", "b.jpg"] && command.model == "mine.safetensors")
        #expect(command.renderSize == 320 && command.strength == 1.5 && !command.stabilize && command.recursive)
        #expect(command.still.pictureQuality == 80 && command.output.overwrite)
        #expect(command.output.progress.progress == .json)
        let film = try command.film.settings(overwrite: false)
        #expect(film.encoding.codec == .ffv1 && film.fields == .deinterlace)
        #expect(film.from?.seconds == 3723.5 && film.limit?.seconds == 90)
        #expect(try command.device.choice() == DeviceChoice("cpu"))
        #expect(command.device.precision == .bfloat16 && command.device.threads == 2)
        #expect(try ColorizeCommand.parse(["a.mp4", "-o", "b.mp4", "--quality", "20"]).film.quality == 20)
    }

    @Test("a name with a leading dash stands after two dashes")
    func leadingDash() throws {
        #expect(try ColorizeCommand.parse(["-o", "out.jpg", "--", "-old.jpg"]).inputs == ["-old.jpg"])
    }

    @Test(
        "times are seconds, or hours and minutes before colons",
        arguments: [
            ("0", 0), ("83.5", 83.5), ("1:23.5", 83.5), ("0:01:23.5", 83.5), ("90:00", 5400), ("2:00:00", 7200),
        ])
    func times(text: String, seconds: Double) {
        #expect(TimeArgument(argument: text)?.time.seconds == seconds)
    }

    @Test(
        "what is no time is none",
        arguments: ["", "-1", "1:60", "1:2:3:4", "1::2", "nan", "inf", "1e99", "ten", "1:-2", ":"])
    func noTimes(text: String) {
        #expect(TimeArgument(argument: text) == nil)
    }

    @Test(
        "wrong usage is refused with exit code 64, and the message says what is wrong",
        arguments: [
            (["colorize"], "-o"), (["colorize", "a.mp4"], "-o"), (["colorize", "-o", "b.mp4"], "input"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--strength", "3.5"], "--strength 3.5 is outside 0...3"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--strength", "nan"], "--strength"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--render-size", "32"], "--render-size 32 is outside 64...1024"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--render-size", "many"], "--render-size"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--picture-quality", "0"], "--picture-quality 0 is outside"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--quality", "52"], "--quality 52 is outside 0...51"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--codec", "mpeg2"], "h264"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--precision", "int8"], "bfloat16"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--device", "tpu"], "--device tpu"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--fields", "some"], "deinterlace"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--threads", "0"], "--threads"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--from", "1:75"], "1:75"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--limit=-3"], "-3"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--progress", "loud"], "plain"),
            (["colorize", "a.mp4", "-o", "b.mp4", "--no-such-option"], "--no-such-option"),
            (["colourise", "a.mp4"], "colourise"), (["info"], "file"), (["train", "colorize"], "photos"),
            (["train", "colorize", "photos", "--out", "m.safetensors", "--minutes", "5", "--epochs", "3"], "not both"),
            (["train", "colorize", "photos", "--out", "m.safetensors", "--minutes", "0"], "more than 0"),
            (["train", "colorize", "photos", "--out", "m.safetensors", "--validation", "1"], "--validation"),
            (["train", "colorize", "photos", "--rate", "0"], "--rate"), (["train", "colorize"], "photos"),
            (["train", "upscale", "photos", "--scale", "3"], "--scale"),
            (["train", "upscale", "photos", "--degradation", "rain"], "--degradation"),
        ])
    func refusals(arguments: [String], words: String) throws {
        let error = #expect(throws: (any Error).self) { try HeirloomCommand.parseAsRoot(arguments) }
        let message = HeirloomCommand.fullMessage(for: try #require(error))
        #expect(HeirloomCommand.exitCode(for: try #require(error)) == .validationFailure)
        #expect(message.contains(words), "\(message)")
    }

    @Test("train colorize: defaults, options, and a model that is there already")
    func train() throws {
        let command = try TrainColorizeCommand.parse(["photos", "--out", "m.safetensors"])
        let plain = command.training
        #expect(plain.photos == ["photos"] && plain.minutes == nil && plain.epochs == nil && !plain.resume)
        let other = try TrainColorizeCommand.parse([
            "a", "b", "--out", "m.safetensors", "--epochs", "2.5", "--validation", "0.2", "--seed", "7", "--resume",
            "--from", "heirloom-color", "--sizes", "64,96", "--rate", "0.001", "--batch", "8", "--no-gan",
        ])
        let said = other.training
        #expect(said.photos == ["a", "b"] && said.epochs == 2.5 && said.validation == 0.2 && said.seed == 7)
        #expect(said.resume && other.from == "heirloom-color" && other.recipe.sizes == "64,96")
        #expect(other.recipe.rate == 0.001 && other.recipe.batch == 8 && other.recipe.withoutCritic)
        // The place follows the first folder where none is said.
        let place = try TrainColorizeCommand.parse(["photos/"]).training.target("-colour")
        #expect(URL(fileURLWithPath: place).lastPathComponent == "photos-colour.safetensors")
        let folder = try CommandFolder()
        let model = try folder.write([1], as: "m.safetensors")
        let error = #expect(throws: (any Error).self) { try TrainColorizeCommand.parse(["photos", "--out", model]) }
        #expect(HeirloomCommand.message(for: try #require(error)).contains(model))
        #expect(throws: Never.self) { try TrainColorizeCommand.parse(["photos", "--out", model, "--overwrite"]) }
        #expect(throws: Never.self) { try TrainColorizeCommand.parse(["photos", "--out", model, "--resume"]) }
    }

    @Test("models lists when nothing else is said")
    func models() throws {
        #expect(try HeirloomCommand.parseAsRoot(["models"]) is ModelsCommand.List)
        #expect(try (HeirloomCommand.parseAsRoot(["models", "--json"]) as? ModelsCommand.List)?.json == true)
        let verify = try HeirloomCommand.parseAsRoot(["models", "verify", "a", "b"]) as? ModelsCommand.Verify
        #expect(verify?.names == ["a", "b"])
        #expect(try HeirloomCommand.parseAsRoot(["models", "fetch"]) is ModelsCommand.Fetch)
    }

    @Test("info, doctor and bench")
    func others() throws {
        let info = try HeirloomCommand.parseAsRoot(["info", "--json", "a.mp4", "b.jpg"]) as? InfoCommand
        #expect(info?.files == ["a.mp4", "b.jpg"] && info?.json == true)
        #expect(try HeirloomCommand.parseAsRoot(["doctor"]) is DoctorCommand)
        #expect(try HeirloomCommand.parseAsRoot(["bench"]) is BenchCommand)
    }
}
