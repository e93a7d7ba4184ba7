import Foundation
import Testing

/// Films that are interrupted, killed, divided and gone on with, as a user does it.
@Suite(.serialized) struct ResumeCommandTests {
    /// A film in three pieces that are kept one by one, a model, and the way to colour it.
    private struct Scene: Sendable {
        let folder: CommandFolder
        var work: String { folder.file("out.mkv.heirloom") }

        init(seconds: Int = 24) async throws {
            folder = try CommandFolder()
            try folder.model()
            try await folder.film("film.mp4", seconds: seconds)
        }

        func colorize(
            _ options: [String] = [], output: String = "out.mkv", at moment: Program.Moment? = nil
        ) async throws -> Program.Outcome {
            try await Program.heirloom(
                [
                    "colorize", "film.mp4", "-o", output, "--model", "model.safetensors", "--render-size", "64",
                    "--device", "cpu",
                ]
                    + options, in: folder.path, at: moment)
        }

        func heirloom(_ arguments: String...) async throws -> Program.Outcome {
            try await Program.heirloom(arguments, in: folder.path)
        }

        /// Leaves work behind in which something is finished.
        func interrupted() async throws {
            let outcome = try await colorize(at: .kill(at: work + "/000000.json"))
            #expect(outcome.code != 0, "\(outcome)")
            #expect(FileManager.default.fileExists(atPath: work + "/000000.json"))
        }
    }

    private func expectFailure(
        _ outcome: Program.Outcome, _ words: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
        #expect(outcome.errorLines.count == 1, "one sentence: \(outcome)", sourceLocation: sourceLocation)
        let sentence = outcome.errorLines.first ?? ""
        #expect(sentence.hasPrefix("heirloom: "), "\(outcome)", sourceLocation: sourceLocation)
        for word in words { #expect(sentence.contains(word), "\(sentence)", sourceLocation: sourceLocation) }
    }

    @Test("stopped and killed: resume and the same command end in the bytes of an unbroken run, and nothing else")
    func goingOn() async throws {
        let scene = try await Scene()
        #expect(try await scene.colorize(output: "whole.mkv").code == 0)
        let whole = try scene.folder.bytes(of: "whole.mkv")
        let stopped = try await scene.colorize(at: .interrupt(at: scene.work + "/000000.json"))
        #expect(stopped.code == 130 && stopped.output.isEmpty, "\(stopped)")
        let sentence = stopped.errorLines.last ?? ""
        #expect(
            sentence.contains("of 240 frames are finished") && sentence.contains("heirloom resume out.mkv"),
            "\(sentence)")
        let resumed = try await scene.heirloom("resume", "out.mkv")
        #expect(resumed.code == 0 && resumed.output == "out.mkv\n", "\(resumed)")
        #expect(try scene.folder.bytes(of: "out.mkv") == whole)
        try FileManager.default.removeItem(atPath: scene.folder.file("out.mkv"))
        try await scene.interrupted()
        #expect(try await scene.colorize().code == 0)
        #expect(try scene.folder.bytes(of: "out.mkv") == whole)
        #expect(try scene.folder.names == ["film.mp4", "model.safetensors", "out.mkv", "whole.mkv"])
    }

    @Test("shares put together are what one machine makes; a report of the joined film")
    func shares() async throws {
        let scene = try await Scene()
        #expect(try await scene.colorize(output: "whole.mkv").code == 0)
        for share in ["2/2", "1/2"] {
            let outcome = try await scene.colorize(["--shard", share])
            #expect(outcome.code == 0, "\(outcome)")
            if share == "2/2" { expectFailure(try await scene.heirloom("join", "out.mkv"), "1/2") }
        }
        let joined = try await scene.heirloom("join", "out.mkv", "--report", "out.html")
        #expect(joined.code == 0 && joined.output == "out.mkv\n", "\(joined)")
        #expect(try scene.folder.bytes(of: "out.mkv") == scene.folder.bytes(of: "whole.mkv"))
        #expect(try scene.folder.names == ["film.mp4", "model.safetensors", "out.html", "out.mkv", "whole.mkv"])
        #expect(String(decoding: try scene.folder.bytes(of: "out.html"), as: UTF8.self).contains("240 frames"))
    }

    @Test("another setting, source or version, a damaged journal: refused by name; --restart begins anew")
    func refusals() async throws {
        let scene = try await Scene()
        try await scene.interrupted()
        expectFailure(try await scene.colorize(["--strength", "1.2"]), "strength", "1.2", "--restart")
        let journal = try scene.folder.bytes(of: "out.mkv.heirloom/job.json")
        let text = String(decoding: journal, as: UTF8.self)
        for (broken, words) in [
            (Array(journal.prefix(journal.count / 2)), "damaged"), ([], "damaged"),
            (Array(text.replacing("\"formatVersion\" : 2", with: "\"formatVersion\" : 9").utf8), "version 9"),
        ] {
            try scene.folder.write(broken, as: "out.mkv.heirloom/job.json")
            expectFailure(try await scene.colorize(), words, "--restart")
            let resumed = try await scene.heirloom("resume", "out.mkv")
            expectFailure(resumed, "out.mkv.heirloom")
        }
        try scene.folder.write(journal, as: "out.mkv.heirloom/job.json")
        let film = try scene.folder.bytes(of: "film.mp4")
        try scene.folder.write(film + [0], as: "film.mp4")
        expectFailure(try await scene.colorize(), "film.mp4", "bytes", "--restart")
        expectFailure(try await scene.heirloom("resume", "out.mkv"), "film.mp4", "bytes")
        try scene.folder.write(film, as: "film.mp4")
        let left = Set(try FileManager.default.contentsOfDirectory(atPath: scene.work))
        #expect(left.isSuperset(of: ["000000.json", "000000.segment", "job.json"]), "a refusal takes nothing away")
        let again = try await scene.colorize(["--strength", "1.2", "--restart"])
        #expect(again.code == 0, "\(again)")
        #expect(try scene.folder.names == ["film.mp4", "model.safetensors", "out.mkv"])
    }

    @Test("a second job on the same result is refused while the first one works")
    func twoAtOnce() async throws {
        let scene = try await Scene()
        // The first one sleeps while the second one tries.
        let (sleepers, continuation) = AsyncStream.makeStream(of: Int32.self)
        let first = Task { [scene] in
            defer { continuation.finish() }
            return try await scene.colorize(
                at: Program.Moment(file: scene.work + "/job.json") {
                    kill($0, SIGSTOP)
                    continuation.yield($0)
                })
        }
        var sleeper: Int32?
        for await process in sleepers {
            sleeper = process
            break
        }
        let second = try await scene.colorize()
        kill(try #require(sleeper), SIGCONT)
        expectFailure(second, "out.mkv", "working on it")
        #expect(try await first.value.code == 0)
        #expect(try scene.folder.names == ["film.mp4", "model.safetensors", "out.mkv"])
    }

    @Test("a source that grows while it is read fails the job by name")
    func changingSource() async throws {
        let scene = try await Scene()
        let path = scene.folder.file("film.mp4")
        let outcome = try await scene.colorize(
            at: Program.Moment(file: scene.work + "/job.json") { _ in
                let film = FileHandle(forWritingAtPath: path)
                _ = try? film?.seekToEnd()
                film?.write(Data([0]))
            })
        #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome)")
        #expect(outcome.errorLines.last?.contains("changed while it was being read") == true, "\(outcome)")
        #expect(try !scene.folder.names.contains("out.mkv"))
    }

    @Test(
        "a result on another file system, through a link",
        .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
    func otherFileSystem() async throws {
        let scene = try await Scene(seconds: 12)
        let other = "/dev/shm/heirloom-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: other) }
        try FileManager.default.createSymbolicLink(atPath: scene.folder.file("link"), withDestinationPath: other)
        let outcome = try await scene.colorize(output: "link/out.mkv")
        #expect(outcome.code == 0 && outcome.output == "link/out.mkv\n", "\(outcome)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["out.mkv"])
    }

    @Test("a folder of pictures and films goes on where it was stopped, and what is there already is left alone")
    func batches() async throws {
        let scene = try await Scene(seconds: 12)
        try scene.folder.picture("a.png")
        try scene.folder.picture("b.png")
        let inputs = ["colorize", "a.png", "film.mp4", "b.png", "-o", "out"]
        let options = ["--model", "model.safetensors", "--render-size", "64", "--device", "cpu"]
        let stopped = try await Program.heirloom(
            inputs + options, in: scene.folder.path,
            at: .interrupt(at: scene.folder.file("out/film.mp4.heirloom/000000.json")))
        #expect(stopped.code == 130 && stopped.output == "out/a.png\n", "\(stopped)")
        let again = try await Program.heirloom(inputs + options, in: scene.folder.path)
        #expect(again.code == 0 && again.output == "out/film.mp4\nout/b.png\n", "\(again)")
        #expect(again.errors.contains("skipped a.png: 'out/a.png' is there already"), "\(again)")
        let third = try await Program.heirloom(inputs + options, in: scene.folder.path)
        #expect(third.code == 0 && third.output.isEmpty, "\(third)")
    }

    @Test("resume and join say what is not there")
    func nothingToDo() async throws {
        let scene = try await Scene(seconds: 1)
        expectFailure(try await scene.heirloom("resume", "out.mkv"), "no interrupted work", "out.mkv.heirloom")
        expectFailure(try await scene.heirloom("resume", "film.mp4"), "no interrupted work", "film.mp4.heirloom")
        expectFailure(try await scene.heirloom("join", "out.mkv"), "no shares", "out.mkv")
        try FileManager.default.createDirectory(atPath: scene.work, withIntermediateDirectories: true)
        expectFailure(try await scene.heirloom("resume", "out.mkv.heirloom/"), "no journal")
    }
}
