import Foundation
import HeirloomMedia
import HeirloomModels
import HeirloomRestoration
import HeirloomTensors
import TestSupport
import Testing

@Suite struct BatchTests {
    private func still(_ path: String, as format: StillFormat = .png) throws {
        let image = StillImage(
            width: 40, height: 30, channels: .grey, depth: .eight, pixels: (0..<1200).map { UInt8($0 % 251) })
        let bytes = try StillWriter.encode(image, as: format).bytes
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: path))
    }

    private func film(_ path: String) throws {
        try SyntheticFilm(width: 64, height: 48).write(to: path, frames: 5, encoding: VideoEncoding(codec: .ffv1))
    }

    /// A weights file of a little network, so that jobs run as users run them.
    private func settings(_ folder: TemporaryFolder) throws -> ColorSettings {
        let path = folder.file("tiny.safetensors")
        try ModelFile.write(
            tinyNetwork(), to: path, dtype: .float32, task: "colour", licence: "MIT", trainingRecord: nil)
        var settings = quickSettings()
        settings.model = .named(path)
        return settings
    }

    @Test func kindsAreFoundByContent() throws {
        let folder = try TemporaryFolder()
        try still(folder.file("film.mp4"))
        try film(folder.file("film.mkv"))
        try FileManager.default.moveItem(atPath: folder.file("film.mkv"), toPath: folder.file("-picture 📷.jpg"))
        #expect(try InputKind.probe(folder.file("film.mp4")) == .still)
        #expect(try InputKind.probe(folder.file("-picture 📷.jpg")) == .film)
        #expect(try InputKind.probe(folder.path) == .folder)
        try folder.write([], to: "empty.png")
        try folder.write(Array("just words, many of them".utf8), to: "words.mp4")
        for (name, code) in [("empty.png", MediaError.Code.empty), ("missing.png", .notFound)] {
            let error = #expect(throws: MediaError.self) { try InputKind.probe(folder.file(name)) }
            #expect(error?.code == code)
        }
        #expect(throws: MediaError.self) { try InputKind.probe(folder.file("words.mp4")) }
    }

    @Test func aMixedFolderIsDoneAndBrokenFilesAreReported() async throws {
        let folder = try TemporaryFolder()
        let inputs = folder.file("in")
        try still(inputs + "/a.png")
        try still(inputs + "/sub/b.jpg", as: .jpeg)
        try film(inputs + "/sub/c.mkv")
        try Data("notes".utf8).write(to: URL(filePath: inputs + "/notes.txt"))
        let whole = try Data(contentsOf: URL(filePath: inputs + "/a.png"))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: inputs + "/broken.png"))
        let job = ColorizeJob(
            inputs: [inputs], output: folder.file("out"), recursive: true, color: try settings(folder), film: lossless()
        )
        let plan = try job.plan()
        #expect(!FileManager.default.fileExists(atPath: folder.file("out")), "a plan writes nothing")
        #expect(plan.skipped.map(\.path) == [inputs + "/notes.txt"])
        let report = try await job.run(plan)
        #expect(report.failures.map(\.input) == [inputs + "/broken.png"])
        let done =
            FileManager.default.enumerator(atPath: folder.file("out"))?.compactMap { $0 as? String }.sorted() ?? []
        #expect(done == ["a.png", "sub", "sub/b.jpg", "sub/c.mkv"])
        #expect(try StillReader.read(folder.file("out/a.png")).channels == .rgb)
        #expect(try frames(of: folder.file("out/sub/c.mkv")).count == 5)
        // Again: everything is there already.
        let again = try ColorizeJob(
            inputs: [inputs], output: folder.file("out"), color: try settings(folder), film: lossless()
        ).plan()
        #expect(again.items.map(\.input) == [inputs + "/broken.png"], "what failed is tried again")
        #expect(again.skipped.contains { $0.path.hasSuffix("a.png") && $0.reason.contains("--overwrite") })
        #expect(again.refused.isEmpty)
    }

    @Test func oneInputGoesToTheNameGiven() async throws {
        let folder = try TemporaryFolder()
        try still(folder.file("old photo.png"))
        let color = try settings(folder)
        let report = try await ColorizeJob(
            inputs: [folder.file("old photo.png")], output: folder.file("new.tif"), color: color
        ).run()
        #expect(report.failures.isEmpty && folder.names.contains("new.tif"))
        let toFolder = try ColorizeJob(
            inputs: [folder.file("old photo.png")], output: folder.path + "/made/", color: color
        ).plan()
        #expect(toFolder.items.map(\.output) == [folder.path + "/made/old photo.png"])
        for (output, code) in [
            (folder.file("old photo.png"), MediaError.Code.sameFile), (folder.file("new.tif"), .exists),
            (folder.file("none/x.png"), .notWritable), (folder.file("x.doc"), .unsupported),
        ] {
            let error = #expect(throws: MediaError.self) {
                try ColorizeJob(inputs: [folder.file("old photo.png")], output: output, color: color).plan()
            }
            #expect(error?.code == code, "\(output)")
        }
    }

    @Test func aMissingModelIsSaid() async throws {
        let folder = try TemporaryFolder()
        try still(folder.file("a.png"))
        var color = quickSettings()
        color.model = .named("no-such-model")
        await #expect(throws: (any Error).self) {
            try await ColorizeJob(inputs: [folder.file("a.png")], output: folder.file("b.png"), color: color).run()
        }
        #expect(folder.names == ["a.png"])
    }

    @Test func stoppingABatchThrows() async throws {
        let folder = try TemporaryFolder()
        for name in ["a", "b", "c"] { try still(folder.file("in/\(name).png")) }
        let monitor = JobMonitor()
        let job = ColorizeJob(inputs: [folder.file("in")], output: folder.file("out"), color: try settings(folder))
        await #expect(throws: CancellationError.self) {
            try await job.run(monitor: monitor) { _ in monitor.cancel() }
        }
        let done = try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
        #expect(done == ["a.png"])
    }
}
