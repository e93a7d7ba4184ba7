import ArgumentParser
import Testing

@testable import HeirloomCommands

/// What the argument parser makes of `data`, `find-rate`, `evaluate colorize` and `inspect`.
@Suite struct LookingParsingTests {
    @Test("what is not said has its default")
    func defaults() throws {
        let data = try DataCommand.parse(["photos"])
        #expect(data.photos == ["photos"] && data.sheet == nil && data.sample == 48 && !data.json && !data.all)
        let rate = try FindRateCommand.parse(["photos"])
        #expect(rate.from == nil && rate.plot == nil && rate.steps == 100 && rate.seed == 1)
        let evaluation = try EvaluateColorizeCommand.parse(["photos"])
        #expect(evaluation.model.isEmpty && evaluation.size == 256 && evaluation.limit == nil)
        let inspection = try InspectCommand.parse(["m", "photos", "-o", "sheet.jpg"])
        #expect(inspection.model == "m" && inspection.photos == ["photos"] && inspection.count == 8)
    }

    @Test("every option reaches its place")
    func options() throws {
        let data = try DataCommand.parse(["a", "b", "--sheet", "s.png", "--sample", "12", "--json", "--all"])
        #expect(data.photos == ["a", "b"] && data.sheet == "s.png" && data.sample == 12 && data.json && data.all)
        let rate = try FindRateCommand.parse([
            "a.pack", "--from", "m", "--plot", "r.svg", "--steps", "40", "--seed", "3", "--device", "cpu",
        ])
        #expect(rate.from == "m" && rate.plot == "r.svg" && rate.steps == 40 && rate.seed == 3)
        let evaluation = try EvaluateColorizeCommand.parse([
            "a.pack", "--model", "x", "--model", "y.safetensors", "--limit", "9", "--size", "128", "--per-picture",
        ])
        #expect(evaluation.model == ["x", "y.safetensors"] && evaluation.limit == 9 && evaluation.perPicture)
        let inspection = try InspectCommand.parse([
            "m", "a", "b", "--output", "s.jpg", "--count", "3", "--limit", "5", "--json",
        ])
        #expect(inspection.photos == ["a", "b"] && inspection.count == 3 && inspection.limit == 5 && inspection.json)
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            ["data"], ["data", "a", "b.pack"], ["data", "a", "--sample", "0"], ["data", "a", "--sheet", "s.mp4"],
            ["data", "a", "--sheet", "no-such-folder/s.jpg"], ["find-rate"], ["find-rate", "a", "--steps", "3"],
            ["find-rate", "a", "--plot", "r.png"], ["find-rate", "a", "b.pack"], ["evaluate", "colorize"],
            ["evaluate", "colorize", "a", "--limit", "0"], ["evaluate", "colorize", "a", "--size", "32"],
            ["evaluate", "colorize", "a", "--model", "x", "--model", "x"], ["inspect", "m", "-o", "s.jpg"],
            ["inspect", "m", "a"], ["inspect", "m", "a", "-o", "s.jpg", "--count", "0"],
            ["inspect", "m", "a", "-o", "s.svg"],
        ])
    func refusals(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try HeirloomCommand.parseAsRoot(arguments) }
    }
}
