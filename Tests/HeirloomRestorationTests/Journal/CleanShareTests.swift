import Foundation
import HeirloomMedia
import TestSupport
import Testing

@testable import HeirloomRestoration

/// The sound of a film that is done in shares: the first makes it, joining puts it in.
@Suite struct CleanShareTests {
    private let folder: TemporaryFolder
    private let input: String

    init() throws {
        folder = try TemporaryFolder()
        input = folder.file("in.mkv")
        _ = try run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=5:duration=4,format=gray,format=yuv420p",
                "-f", "lavfi", "-i", "anoisesrc=d=4:a=0.05:r=16000:seed=3", "-c:v", "ffv1", "-c:a", "flac", input,
            ])
    }

    private func job(_ name: String, _ share: Shard? = nil) -> RestoreJob {
        var clean = CleanSettings()
        clean.model = .none
        clean.used = [input]
        var upscale = UpscaleSettings()
        upscale.device = .cpu
        var film = lossless()
        film.segmentFrames = 4
        film.shard = share
        return RestoreJob(
            input: input, output: folder.file(name), treatments: [.upscale, .clean], upscale: upscale, clean: clean,
            film: film)
    }

    @Test func soundThatCannotBeCleanedIsMissedBeforeThePictureIsTreated() async throws {
        _ = try run(
            "ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=64x48:r=5:d=4", "-c:v", "ffv1", input])
        for share in [nil, Shard(2, of: 2)] {
            let text = await sentence { _ = try await job("out.mkv", share).run() }
            #expect(text.contains("it is a film without sound"), "\(text)")
            #expect(folder.names == ["in.mkv"], "no frame was made")
        }
    }

    private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: folder.file(name))) }

    @Test func theJoinedFilmHasTheSoundOfOneMachine() async throws {
        _ = try await job("whole.mkv").run()
        let shares = (1...2).map { Shard($0, of: 2) }
        let second = try #require(try await job("out.mkv", shares[1]).run().film)
        let first = try #require(try await job("out.mkv", shares[0]).run().film)
        #expect(
            first.notes.contains { $0.contains("was cleaned") } && !second.notes.contains { $0.contains("cleaned") })
        let folders = shares.map { Journal.folder(for: folder.file("out.mkv"), shard: $0) }
        let names = try folders.map { try FileManager.default.contentsOfDirectory(atPath: $0) }
        #expect(names[0].contains("sound.flac") && !names[1].contains("sound.flac"))

        // Sound that is damaged is missed, and made again by its share alone.
        try flipBit(folders[0] + "/sound.flac")
        let text = await sentence { _ = try await JoinJob(folder.file("out.mkv")).run() }
        #expect(text.contains("shard-1-of-2.heirloom' is not finished (its sound is missing)"), "\(text)")
        let again = try await FilmJob(ResumeJob(folders[0]).description).run()
        #expect(again.resumedFrames == again.frames)

        let report = try await JoinJob(folder.file("out.mkv")).run()
        #expect(report.frames == 20 && report.notes.contains { $0.contains("original is kept") }, "\(report.notes)")
        #expect(try MediaSummary(path: folder.file("out.mkv")).streams.filter { $0.kind == .audio }.count == 2)
        #expect(try bytes("out.mkv") == bytes("whole.mkv"))
        #expect(folder.names == ["in.mkv", "out.mkv", "whole.mkv"])
    }

    @Test func soundAloneIsNotDivided() async throws {
        var film = lossless()
        film.shard = Shard(1, of: 2)
        let alone = RestoreJob(input: input, output: folder.file("out.mkv"), treatments: .clean, film: film)
        let text = await sentence { _ = try await alone.run() }
        #expect(text.contains("not divided into shares"), "\(text)")
        #expect(folder.names == ["in.mkv"])
    }
}
