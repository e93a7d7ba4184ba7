import Foundation
import HeirloomMedia
import HeirloomTensors
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

    /// What treats frames in batches of four and cannot treat some pictures, whatever they are together with.
    private func batched(
        _ bench: JournalBench, _ name: String, enlarging: Bool, batch: Int = 4,
        _ see: @escaping @Sendable (Tensor) throws -> Void
    ) -> FilmJob {
        var settings = bench.settings
        settings.keepGoing = true
        return FilmJob(input: bench.source, output: bench.target(name), settings: settings) { format in
            if enlarging {
                var upscale = UpscaleSettings()
                upscale.batch = batch
                let restorer = TiledRestorer(Tiler(scale: 2, context: 4, blend: 0)) { tile in
                    try see(tile)
                    return tile.resized(height: 2 * tile.shape[2], width: 2 * tile.shape[3])
                }
                return try Upscaler(restorer, format: format, settings: upscale)
            }
            var color = quickSettings(stabilize: false)
            color.batch = batch
            let predictor = FakePredictor { luma, _ in
                try see(luma)
                return FakePredictor.tint(luma)
            }
            return try Colorizer(predictor, format: format, settings: color)
        }
    }

    /// What tells a picture of a batch from the others.
    private static func mark(_ pictures: Tensor, _ index: Int) -> Float {
        pictures.sliced(axis: 0, from: index, to: index + 1).copied(.contiguous).floats.reduce(0, +)
    }

    @Test(arguments: [false, true], [false, true])
    func ofABatchTheFrameThatFailsIsPassedOn(enlarging: Bool, asNumbers: Bool) async throws {
        let bench = try JournalBench(frames: 21)
        let marks = Mutex<[Float]>([])
        let whole = try await batched(bench, "whole", enlarging: enlarging) { pictures in
            marks.withLock { $0 += (0..<pictures.shape[0]).map { Self.mark(pictures, $0) } }
        }.run()
        let seen = marks.withLock { $0 }
        try #require(seen.count == 21 && Set(seen).count == 21 && whole.untreatedFrameNumbers.isEmpty)
        let bad: Set<Float> = [seen[6], seen[17]]
        let report = try await batched(bench, "out", enlarging: enlarging) { pictures in
            for index in 0..<pictures.shape[0] where bad.contains(Self.mark(pictures, index)) {
                if asNumbers {
                    pictures.sliced(axis: 0, from: index, to: index + 1).fill(.nan)
                } else {
                    throw TorchError(code: .invalidOperation, operation: "test", reason: "this picture is too much")
                }
            }
        }.run()
        #expect(report.untreatedFrameNumbers == [6, 17])
        let (treated, all) = (try frames(of: bench.target("out")), try frames(of: bench.target("whole")))
        #expect(treated.map(\.pts) == all.map(\.pts))
        for index in 0..<21 {
            let isSame = treated[index].planes.map(\.bytes) == all[index].planes.map(\.bytes)
            #expect(isSame == ![6, 17].contains(index), "frame \(index)")
        }
    }

    @Test(arguments: [false, true])
    func aBatchThatFailsOnlyTogetherIsSaid(enlarging: Bool) async throws {
        let bench = try JournalBench(frames: 21)
        let job = batched(bench, "out", enlarging: enlarging) { pictures in
            if pictures.shape[0] > 1 {
                throw TorchError(code: .invalidOperation, operation: "test", reason: "together they are too much")
            }
        }
        let text = await sentence { _ = try await job.run() }
        #expect(text.contains("the 4 frames from frame 0 (at") && text.contains("smaller --batch"), "\(text)")
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
