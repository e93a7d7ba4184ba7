import ArgumentParser
import Foundation
import HeirloomMedia
import Testing

@testable import HeirloomCommands

/// `evaluate clean`: what the parser makes of it, and what a user sees.
@Suite struct EvaluateCleanTests {
    @Test func optionsReachTheirPlaces() throws {
        let command = try EvaluateCleanCommand.parse([
            "--reference", "a", "--estimate", "b", "--estimate", "c", "--from", "1", "--to", "2.5", "--no-drift",
            "--json",
        ])
        #expect(command.reference == "a" && command.estimate == ["b", "c"])
        #expect(command.from == 1 && command.to == 2.5 && command.noDrift && command.json)
    }

    @Test(
        "what makes no sense is refused",
        arguments: [
            ["--estimate", "b"], ["--reference", "a"], ["--reference", "a", "--estimate", "b", "--from", "-1"],
            ["--reference", "a", "--estimate", "b", "--from", "3", "--to", "2"],
        ])
    func refusals(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try EvaluateCleanCommand.parse(arguments) }
    }

    /// Two seconds of a warbling tone in bursts.
    private func sound(_ name: String, in folder: CommandFolder, gain: Double = 1, rate: Int = 16_000) async throws {
        try await Program.ffmpeg([
            "-f", "lavfi", "-i",
            "aevalsrc='\(gain)*0.3*sin(2*PI*(300*t+30*sin(9*t)))*gt(sin(7*t),0)':s=\(rate):d=2", folder.file(name),
        ])
    }

    @Test("an equal sound is perfect, whatever its rate and level, and JSON can be read")
    func table() async throws {
        let folder = try CommandFolder()
        try await sound("true.wav", in: folder)
        try await sound("quiet.flac", in: folder, gain: 0.5)
        let outcome = try await Program.heirloom(
            ["evaluate", "clean", "--reference", "true.wav", "--estimate", "quiet.flac", "--json"], in: folder.path)
        #expect(outcome.code == 0, "\(outcome)")
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let estimate = try #require((json["estimates"] as? [[String: Any]])?.first)
        // 16 bits at half the level leave some 80 dB.
        #expect(try #require(estimate["siSDR"] as? Double) > 50)
        #expect(abs(try #require(estimate["offset"] as? Double)) < 1e-4)
    }

    @Test("bad input gives one sentence and no figures")
    func badInput() async throws {
        let folder = try CommandFolder()
        try await sound("true.wav", in: folder)
        try await sound("silent.wav", in: folder, gain: 0)
        try folder.write([1, 2, 3], as: "broken.wav")
        let cases = [
            ["--reference", "missing.wav", "--estimate", "true.wav"],
            ["--reference", "true.wav", "--estimate", "missing.wav"],
            ["--reference", "true.wav", "--estimate", "broken.wav"],
            ["--reference", "true.wav", "--estimate", "silent.wav"],
            ["--reference", "silent.wav", "--estimate", "true.wav"],
            ["--reference", "true.wav", "--estimate", "true.wav", "--from", "30"],
        ]
        for arguments in cases {
            let outcome = try await Program.heirloom(["evaluate", "clean"] + arguments, in: folder.path)
            #expect(outcome.code == 1 && outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome)")
        }
    }
}
