import Foundation
import HeirloomMedia
import HeirloomRestoration
import Testing

/// `plan` as a user runs it: what is printed, the sheet, what it leaves alone, and what it refuses.
@Suite(.serialized) struct PlanCommandTests {
    private func plan(_ arguments: String..., in folder: CommandFolder) async throws -> Program.Outcome {
        try await Program.heirloom(["plan"] + arguments + ["--device", "cpu", "--progress", "none"], in: folder.path)
    }

    @Test("text: the film, what was found, telling frames, what the job will take; beside the film only the sheet")
    func text() async throws {
        let folder = try CommandFolder()
        try await folder.film("film.mp4", seconds: 2)
        let film = try folder.bytes(of: "film.mp4")
        let outcome = try await plan("film.mp4", "--colorize", in: folder)
        #expect(outcome.code == 0, "\(outcome)")
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "film.mp4: 64 × 48, 20 frames, 0:02.0", "\(outcome)")
        #expect(lines.contains { $0.contains("1 sound track (aac mono)") }, "\(outcome)")
        let telling = try #require(lines.firstIndex(of: "telling frames:"), "\(outcome)")
        let reasons = lines[(telling + 1)...].prefix { $0.hasPrefix("  ") }
        #expect((1...20).contains(reasons.count) && reasons.allSatisfy { $0.hasPrefix("  0:0") }, "\(outcome)")
        let last = lines.last ?? ""
        #expect(last.hasPrefix("the whole film, coloured: about ") && last.contains("of memory"), "\(last)")
        #expect(outcome.errorLines == ["wrote film.mp4.plan.jpg"], "\(outcome)")
        #expect(try folder.names == ["film.mp4", "film.mp4.plan.jpg"], "nothing else is written")
        #expect(try folder.bytes(of: "film.mp4") == film)
        // Before and after, side by side.
        let sheet = try StillReader.probe(folder.file("film.mp4.plan.jpg"))
        #expect(sheet.width > 2 * 64 && sheet.height > 48)
    }

    @Test("JSON is a plan for programs; a sheet that exists is replaced only where that is asked for")
    func json() async throws {
        let folder = try CommandFolder()
        try await folder.film("film.mp4")
        try folder.write(Array("mine".utf8), as: "sheet.png")
        let refused = try await plan("film.mp4", "--colorize", "-o", "sheet.png", in: folder)
        #expect(refused.code == 64 && refused.output.isEmpty, "\(refused)")
        #expect(refused.errors.contains("sheet.png") && refused.errors.contains("--overwrite"), "\(refused)")
        #expect(try folder.bytes(of: "sheet.png") == Array("mine".utf8))
        let outcome = try await plan(
            "film.mp4", "--colorize", "--json", "-o", "sheet.png", "--overwrite", in: folder)
        #expect(outcome.code == 0, "\(outcome)")
        let plan = try JSONDecoder().decode(FilmPlan.self, from: Data(outcome.output.utf8))
        #expect(plan.input == "film.mp4" && plan.frames == 10 && plan.width == 64 && plan.height == 48)
        #expect(plan.outputWidth == 64 && plan.outputHeight == 48 && plan.choice.isEmpty && plan.isWhollySeen)
        #expect(!plan.samples.isEmpty && plan.samples.allSatisfy { (0...1).contains($0.seconds) })
        #expect(plan.samples == plan.samples.sorted { $0.seconds < $1.seconds }, "in the order of time")
        let estimate = try #require(plan.estimate)
        #expect(estimate.frames == 10 && estimate.outputBytes.likely > 0 && estimate.memoryBytes > 1_000_000)
        #expect(estimate.seconds.low <= estimate.seconds.likely && estimate.seconds.likely <= estimate.seconds.high)
        let parts =
            estimate.setupSeconds + estimate.pictureSeconds + estimate.soundSeconds + estimate.joinSeconds
        #expect(abs(parts - estimate.seconds.likely) < 0.01 * parts + 0.01, "\(estimate)")
        #expect(plan.sheet == "sheet.png")
        #expect(try StillReader.probe(folder.file("sheet.png")).format == .png)
        #expect(try folder.names == ["film.mp4", "sheet.png"])
    }

    @Test("where nothing is to be done, it says so, and neither tries nor draws")
    func nothingToDo() async throws {
        let folder = try CommandFolder()
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc=size=1280x720:rate=10:duration=1", "-c:v", "libx264", "-preset", "ultrafast",
            "-pix_fmt", "yuv420p", folder.file("film.mp4"),
        ])
        let outcome = try await plan("film.mp4", in: folder)
        #expect(outcome.code == 0, "\(outcome)")
        #expect(!outcome.output.contains("the whole film"), "\(outcome)")
        #expect(outcome.output.contains("It has colour") || outcome.output.contains("colours"), "\(outcome)")
        #expect(outcome.errorLines.isEmpty, "\(outcome)")
        #expect(try folder.names == ["film.mp4"])
    }

    @Test(
        "what cannot be planned is refused before anything is read",
        arguments: [
            (["film.mp4", "--colorize", "-o", "sheet.mp4"], "sheet.mp4"),
            (["film.mp4", "--colorize", "-o", "gone/sheet.png"], "gone"),
            (["film.mp4", "--colorize", "--limit", "3"], "whole film"),
            (["film.mp4", "--upscale", "large"], "large"), (["film.mp4", "--upscale", "0"], "--upscale 0"),
            (["film.mp4", "--device", "toaster"], "toaster"),
        ])
    func refusals(arguments: [String], word: String) async throws {
        let folder = try CommandFolder()
        let outcome = try await Program.heirloom(["plan"] + arguments, in: folder.path)
        #expect(outcome.code == 64 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errors.contains(word), "\(outcome)")
        #expect(try folder.names.isEmpty)
    }

    @Test("stopped in the middle, it leaves nothing")
    func stopped() async throws {
        let folder = try CommandFolder()
        try await folder.film("film.mp4", seconds: 20)
        let outcome = try await Program.heirloom(
            ["plan", "film.mp4", "--colorize", "--device", "cpu", "--progress", "json"], in: folder.path,
            interruptAt: "\"completed\"")
        #expect(outcome.code == 130 && outcome.output.isEmpty, "\(outcome)")
        #expect(try folder.names == ["film.mp4"])
    }
}
