import ArgumentParser
import Foundation
import HeirloomCommands
import HeirloomMedia
import Testing

@Suite("heirloom clean") struct CleanCommandTests {
    @Test(
        "options that make no sense are refused with a word",
        arguments: [
            (["--stages", "wash"], "--stages wash"), (["--strength", "2"], "--strength 2.0 is outside"),
            (["--limit", "none"], "--limit none"), (["--limit", "0"], "--limit 0"),
            (["--loudness", "loud"], "--loudness loud"), (["--loudness", "-3"], "--loudness -3"),
            (["--rate", "12"], "--rate 12"), (["--bits", "20"], "20"), (["--offset", "a.wav"], "--offset a.wav"),
            (["--offset", "a.wav=soon"], "--offset a.wav=soon"), (["--from", "5", "--to", "4"], "--to must be later"),
            (["--keep", "all"], "all"), (["--device", "tpu"], "--device tpu"), (["--threads", "0"], "--threads"),
            (["--align-only"], "at least two"), (["--sound-of", "b.wav"], "not both"),
        ])
    func refusals(arguments: [String], words: String) throws {
        let error = #expect(throws: (any Error).self) {
            try HeirloomCommand.parseAsRoot(["clean", "a.wav", "-o", "out.wav"] + arguments)
        }
        #expect(HeirloomCommand.exitCode(for: try #require(error)) == .validationFailure)
        #expect(HeirloomCommand.fullMessage(for: try #require(error)).contains(words))
    }

    @Test(
        "options that make sense are understood",
        arguments: [
            ["--loudness", "-23"], ["--loudness", "off"], ["--no-loudness"], ["--limit", "12dB"], ["--limit", "off"],
            ["--stages", "align,beamform"], ["--offset", "a.wav=-3.5"], ["--bits", "32f"], ["--model", "none"],
            ["--use", "a.wav", "--ignore", "b.wav"], ["--from", "1:30", "--to", "2:00"], ["--keep", "removed"],
        ])
    func understood(arguments: [String]) throws {
        _ = try HeirloomCommand.parseAsRoot(["clean", "a.wav", "b.wav", "-o", "out.wav"] + arguments)
        _ = try HeirloomCommand.parseAsRoot(["clean", "--sound-of", "a.mp4", "b.wav", "-o", "out.mp4"] + arguments)
    }

    @Test(
        "inputs that cannot be: exit code 1, one sentence, no file",
        arguments: [
            (["gone.wav", "-o", "x.wav"], "gone.wav"), (["empty.wav", "-o", "x.wav"], "empty"),
            (["letter.wav", "-o", "x.wav"], "letter.wav"), (["header.wav", "-o", "x.wav"], "header.wav"),
            (["tone.wav", "-o", "tone.wav"], "tone.wav"), (["tone.wav", "-o", "x.doc"], "x.doc"),
            (["tone.wav", "-o", "gone/x.wav"], "gone"), (["tone.wav", "-o", "x.opus"], "44100"),
            (["tone.wav", "-o", "x.flac", "--bits", "32f"], "32-bit float"),
            (["tone.wav", "-o", "x.wav", "--reference", "y.wav"], "--reference y.wav"),
            (["tone.wav", "-o", "x.mp4"], "x.mp4"), (["silent.mp4", "-o", "x.mp4"], "silent.mp4"),
            (["tone.wav", "-o", "x.wav", "--model", "caruso"], "caruso"),
            (["tone.wav", "-o", "x.wav", "--report", "gone/r"], "gone/r"),
            (["tone.wav", "-o", "x.wav", "--from", "9"], "--from"),
        ])
    func badInputs(arguments: [String], words: String) async throws {
        let folder = try CommandFolder()
        try folder.write([], as: "empty.wav")
        try folder.write(Array("This is a letter.\n".utf8), as: "letter.wav")
        try await Self.tone(folder, "tone.wav")
        try folder.write(Array(try folder.bytes(of: "tone.wav").prefix(44)), as: "header.wav")
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=10:duration=1", "-c:v", "libx264", "-an",
            folder.file("silent.mp4"),
        ])
        let before = try folder.names
        let outcome = try await Program.heirloom(
            ["clean", "--progress", "none"] + arguments, in: folder.path)
        #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(words), "\(outcome)")
        #expect(outcome.errorLines.first?.hasPrefix("heirloom: ") == true, "\(outcome)")
        #expect(try folder.names == before)
    }

    @Test("a recording becomes a file; a film keeps its picture and gets the new sound")
    func files() async throws {
        let folder = try CommandFolder()
        try await Self.tone(folder, "tone.wav")
        let sound = try await Program.heirloom(
            ["clean", "tone.wav", "-o", "out.wav", "--model", "none", "--report", "r.json"], in: folder.path)
        #expect(sound.code == 0 && sound.output == "out.wav\n", "\(sound)")
        #expect(try folder.names == ["out.wav", "r.json", "tone.wav"])
        try await folder.film("film.mp4", seconds: 2)
        let film = try await Program.heirloom(
            ["clean", "film.mp4", "-o", "new.mp4", "--model", "none"], in: folder.path)
        #expect(film.code == 0 && film.output == "new.mp4\n", "\(film)")
        #expect(try folder.names == ["film.mp4", "new.mp4", "out.wav", "r.json", "tone.wav"])
        let streams = try await Program.run(
            "/usr/bin/env",
            [
                "ffprobe", "-v", "error", "-show_entries", "stream=codec_type,codec_name", "-of", "csv=p=0",
                folder.file("new.mp4"),
            ])
        #expect(streams.output.contains("h264,video") && streams.output.contains("audio"), "\(streams)")
    }

    @Test("Ctrl-C ends with 130 and leaves nothing behind")
    func interruption() async throws {
        let folder = try CommandFolder()
        try await Self.tone(folder, "long.wav", seconds: 1200)
        let outcome = try await Program.heirloom(
            ["clean", "long.wav", "-o", "out.wav", "--model", "none", "--progress", "json"], in: folder.path,
            interruptAt: "\"state\":\"running\"")
        #expect(outcome.code == 130, "\(outcome)")
        #expect(try folder.names == ["long.wav"])
    }

    @Test("help shows the two commands of an interviewer, and every option has a word")
    func help() {
        let help = HeirloomCommand.helpMessage(for: CleanCommand.self, columns: 200)
        for text in [
            "heirloom clean phone.m4a recorder.wav laptop.flac -o interview.wav", "heirloom clean lavalier.wav",
            "--stages", "--model", "--strength", "--limit", "--force", "--reference", "--use", "--ignore", "--offset",
            "--loudness", "--no-loudness", "--rate", "--bits", "--from", "--to", "--keep", "--align-only", "--report",
            "--sound-of", "--overwrite", "--progress",
        ] { #expect(help.contains(text), "\(text)") }
    }

    /// A tone that comes and goes, at 44.1 kHz.
    private static func tone(_ folder: CommandFolder, _ name: String, seconds: Int = 3) async throws {
        try await Program.ffmpeg([
            "-f", "lavfi", "-i", "aevalsrc=0.2*sin(2*PI*300*t)*max(0\\,sin(2*PI*3*t)):s=44100:d=\(seconds)", "-c:a",
            "pcm_s16le", folder.file(name),
        ])
    }
}
