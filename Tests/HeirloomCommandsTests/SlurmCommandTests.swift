import ArgumentParser
import Foundation
import Testing

@testable import HeirloomCommands

/// The script for a cluster, run with a stand-in for sbatch; .ci/slurm-test runs it on a real one.
@Suite struct SlurmCommandTests {
    /// Runs a script with an sbatch that writes down its words, and runs what it is given for the first task.
    private func run(_ script: SlurmScript, in folder: CommandFolder) async throws -> Program.Outcome {
        try folder.write(
            Array(
                """
                #!/bin/bash
                for word in "$@"; do echo "word: $word" >> "\(folder.path)/log"; done
                SLURM_ARRAY_TASK_ID=2 bash -s
                echo "17;cluster"
                """.utf8), as: "sbatch")
        try folder.write(
            Array("#!/bin/bash\nfor word in \"$@\"; do echo \"does: $word\" >> \"\(folder.path)/log\"; done\n".utf8),
            as: "program's name")
        for name in ["sbatch", "program's name"] {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.file(name))
        }
        try folder.write(Array(script.text.utf8), as: "script.sh")
        return try await Program.run(
            "/usr/bin/env", ["PATH=\(folder.path):/usr/bin:/bin", "bash", folder.file("script.sh")], in: folder.path)
    }

    @Test("every word reaches the program and sbatch as it is, whatever is in the names")
    func words() async throws {
        let folder = try CommandFolder()
        let film = (input: folder.file("it's $HOME `a` \"film\" %a.mp4"), output: folder.file("new \\ 100%.mkv"))
        let script = SlurmScript(
            program: folder.file("program's name"), words: ["colorize", "--model", "my $model"], shards: 3,
            sbatch: ["--partition=gpu fast"], films: [film])
        let outcome = try await run(script, in: folder)
        #expect(outcome.code == 0, "\(outcome)")
        let log = String(decoding: try folder.bytes(of: "log"), as: UTF8.self)
        let does = log.split(separator: "\n").filter { $0.hasPrefix("does: ") }.map { String($0.dropFirst(6)) }
        #expect(
            does == [
                "colorize", film.input, "-o", film.output, "--model", "my $model", "--shard", "2/3", "--progress",
                "plain", "join", film.output,
            ])
        for word in ["--array=1-3", "--partition=gpu fast", "--dependency=afterok:17", "--requeue"] {
            #expect(log.contains("word: \(word)\n"), "\(word): \(log)")
        }
    }

    @Test("a result that is there already is not done again, unless that is asked for")
    func thereAlready() async throws {
        let folder = try CommandFolder()
        try folder.write([1], as: "a.mkv")
        let films = [
            (input: "/in/a.mp4", output: folder.file("a.mkv")), (input: "/in/b.mp4", output: folder.file("b.mkv")),
        ]
        func script(_ words: [String]) -> SlurmScript {
            SlurmScript(program: folder.file("program's name"), words: words, shards: 1, sbatch: [], films: films)
        }
        #expect(try await run(script(["restore"]), in: folder).code == 0)
        #expect(!String(decoding: try folder.bytes(of: "log"), as: UTF8.self).contains("a.mp4"))
        #expect(try await run(script(["restore", "--overwrite"]), in: folder).code == 0)
        let log = String(decoding: try folder.bytes(of: "log"), as: UTF8.self)
        #expect(log.contains("a.mp4") && log.contains("does: join\ndoes: \(folder.file("a.mkv"))\ndoes: --overwrite"))
    }

    @Test(
        "what the cluster would refuse is refused before",
        arguments: [
            (["slurm", "-o", "b.mp4"], "film"), (["slurm", "a.mp4", "-o", "b.mp4", "--shards", "0"], "--shards 0"),
            (["slurm", "a.mp4", "-o", "b.mp4", "--cpus", "0"], "--cpus 0"),
            (
                ["slurm", "a.mp4", "-o", "b.mp4", "--cpus", "2", "--do", "restore", "--threads", "2"],
                "leave one of them out"
            ),
            (["slurm", "a.mp4", "-o", "b.mp4", "--do", "clean"], "restore, colorize, upscale"),
            (["slurm", "a.mp4", "-o", "b.mp4", "--do", "colorize", "--strength", "9"], "--strength 9"),
            (["slurm", "a.mp4", "-o", "b.mp4", "--do", "colorize", "--shard", "1/2"], "--shard is decided"),
            (["slurm", "a.mp4", "-o", "b.mp4", "--do", "restore", "--clean"], "--clean"),
            (["slurm", "a.mp4", "-o", "b.mp4", "--sbatch", "gpu"], "--sbatch gpu"),
        ])
    func refusals(arguments: [String], words: String) throws {
        let error = #expect(throws: (any Error).self) { try HeirloomCommand.parseAsRoot(arguments) }
        #expect(HeirloomCommand.fullMessage(for: try #require(error)).contains(words))
    }

    @Test("a film that is none is refused, and nothing is printed")
    func noFilm() async throws {
        let folder = try CommandFolder()
        try folder.picture("a.png")
        let picture = try await Program.heirloom(["slurm", "a.png", "-o", "b.png"], in: folder.path)
        #expect(picture.code == 64 && picture.output.isEmpty && picture.errors.contains("a.png"), "\(picture)")
        let gone = try await Program.heirloom(["slurm", "gone.mp4", "-o", "b.mp4"], in: folder.path)
        #expect(gone.code == 1 && gone.output.isEmpty && gone.errors.contains("gone.mp4"), "\(gone)")
    }
}
