import Foundation
import HeirloomMedia
import Synchronization
import TestSupport
import Testing

@testable import HeirloomRestoration

@Suite struct KeepGoingTests {
    /// Fails on the pictures of some frames, not on their numbers.
    private func job(_ bench: JournalBench, _ bad: Set<Int>, keepsGoing: Bool) throws -> FilmJob {
        let pictures = try Set(frames(of: bench.source).filter { bad.contains($0.index) }.map { $0.planes[0].bytes })
        var settings = bench.settings
        settings.keepGoing = keepsGoing
        return bench.job("out", settings) { frame in
            if pictures.contains(frame.planes[0].bytes) { throw TestFailure() }
        }
    }

    @Test func framesThatCannotBeTreatedAreListedAndStayAsTheyWere() async throws {
        let bench = try JournalBench()
        let report = try await job(bench, [13, 40, 41], keepsGoing: true).run()
        #expect(report.frames == 61 && report.untreatedFrameNumbers == [13, 40, 41])
        #expect(report.notes.contains("3 frames could not be treated and went on untreated: 13, 40, 41."))
        let (before, after) = (try frames(of: bench.source), try frames(of: bench.target("out")))
        #expect(before.map(\.pts) == after.map(\.pts))
        for index in [13, 40, 41] { #expect(before[index].planes[0].bytes == after[index].planes[0].bytes) }
        for index in [5, 14, 39, 42, 60] { #expect(before[index].planes[0].bytes != after[index].planes[0].bytes) }
        #expect(bench.folder.names == ["out.mkv", "source.mkv"])
    }

    @Test func withoutBeingAskedTheJobFailsNamingTheFrame() async throws {
        let bench = try JournalBench()
        let error = await #expect(throws: RestorationError.self) { try await job(bench, [40], keepsGoing: false).run() }
        #expect(error?.frame == 40 && error?.description.contains("frame 40 (at") == true)
    }

    @Test func aStageThatFailsWhateverItIsShownStillFails() async throws {
        let bench = try JournalBench()
        var settings = bench.settings
        settings.keepGoing = true
        let error = await #expect(throws: RestorationError.self) {
            try await bench.job("out", settings) { frame in
                if frame.index == 40 { throw TestFailure() }
            }.run()
        }
        #expect(error?.frame == 40)
    }

    @Test func plainFrames() throws {
        let film = SyntheticFilm(width: 32, height: 16, pixelFormat: PixelFormat(.grey))
        let frame = film.frame(3)
        #expect(frame.plain(as: film.format).planes[0].bytes == frame.planes[0].bytes)
        var colored = film.format
        colored.pixelFormat = .yuv420p8
        let neutral = frame.plain(as: colored)
        #expect(neutral.planes[0].bytes == frame.planes[0].bytes)
        #expect(neutral.planes[1...].allSatisfy { $0.bytes.allSatisfy { $0 == 128 } })
        let large = frame.plain(as: colored.resized(width: 64, height: 32))
        #expect(large.width == 64 && large.height == 32 && large.pts == frame.pts && large.index == 3)
    }
}
