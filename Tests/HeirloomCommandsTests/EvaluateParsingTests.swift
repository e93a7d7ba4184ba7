import ArgumentParser
import HeirloomRestoration
import Testing

@testable import HeirloomCommands

/// What the argument parser makes of `evaluate upscale`.
@Suite struct EvaluateParsingTests {
    @Test("what is not said has its default")
    func defaults() throws {
        let command = try EvaluateUpscaleCommand.parse(["--hr", "a", "--lr", "b"])
        #expect(command.hr == "a" && command.lr == "b" && command.sr == nil)
        #expect(command.model == nil && command.scale == nil && !command.json && !command.roundLuma)
        #expect(command.device.precision == .auto)
    }

    @Test("every option reaches its place")
    func options() throws {
        let command = try EvaluateUpscaleCommand.parse([
            "--hr", "a", "--lr", "b", "--model", "bicubic", "--scale", "3", "--json", "--round-luma", "--device", "cpu",
            "--precision", "bfloat16", "--threads", "2",
        ])
        #expect(command.model == "bicubic" && command.scale == 3 && command.json && command.roundLuma)
        #expect(command.device.precision == .bfloat16 && command.device.threads == 2)
        #expect(try EvaluateUpscaleCommand.parse(["--hr", "a", "--sr", "b"]).sr == "b")
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            ["--lr", "b"], ["--hr", "a"], ["--hr", "a", "--lr", "b", "--sr", "c"],
            ["--hr", "a", "--sr", "b", "--model", "bicubic"], ["--hr", "a", "--lr", "b", "--scale", "0"],
            ["--hr", "a", "--lr", "b", "--scale", "17"], ["--hr", "a", "--lr", "b", "--threads", "0"],
            ["--hr", "a", "--lr", "b", "--device", "abacus"],
        ])
    func refusals(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try EvaluateUpscaleCommand.parse(arguments) }
    }
}
