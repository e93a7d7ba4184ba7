import Foundation
import HeirloomMedia
import Synchronization
import TestSupport
import Testing

@testable import HeirloomRestoration

@Suite struct ShardTests {
    private func shares(_ bench: JournalBench, _ count: Int) -> [FilmSettings] {
        (1...count).map { index in
            var settings = bench.settings
            settings.shard = Shard(index, of: count)
            return settings
        }
    }

    @Test(arguments: [1, 2, 3, 5, 11])
    func sharesJoinedAreTheSameAsOne(count: Int) async throws {
        let bench = try JournalBench()
        let whole = try await bench.unbroken()
        var frames = 0
        // In any order, as machines finish.
        for (number, settings) in shares(bench, count).enumerated().reversed() {
            let fed = Mutex(0)
            let report = try await bench.job("out", settings) { _ in fed.withLock { $0 += 1 } }.run()
            frames += report.frames
            #expect(
                report.shard == settings.shard
                    && report.output == Journal.folder(for: bench.target("out"), shard: settings.shard))
            // A share, its run-in, and what the stage and the queues hold.
            if number < count - 1 { #expect(fed.withLock { $0 } < report.frames + 32) }
        }
        #expect(frames == 61)
        let report = try await JoinJob(bench.target("out")).run()
        #expect(report.frames == 61 && report.segments == 8 && report.shard == nil)
        #expect(report.shots.map(\.firstFrame) == [0, 10, 20, 30, 40, 50, 60])
        #expect(try bench.bytes("out") == whole)
        #expect(bench.folder.names == ["out.mkv", "source.mkv", "unbroken.mkv"])
    }

    @Test(arguments: [2, 3])
    func severalDevicesSideBySide(count: Int) async throws {
        var bench = try JournalBench()
        let whole = try await bench.unbroken()
        bench.settings.devices = [DeviceChoice](repeating: .cpu, count: count)
        let made = Mutex(0)
        let job = FilmJob(
            input: bench.source, output: bench.target("out"), settings: bench.settings, custom: bench.custom
        ) { _ in
            made.withLock { $0 += 1 }
            return MemoryStage()
        }
        let report = try await job.run()
        #expect(made.withLock { $0 } == count)
        #expect(report.frames == 61 && bench.folder.names == ["out.mkv", "source.mkv", "unbroken.mkv"])
        #expect(try bench.bytes("out") == whole)
    }

    @Test func severalDevicesStopAndGoOn() async throws {
        var bench = try JournalBench()
        let whole = try await bench.unbroken()
        bench.settings.devices = [.cpu, .cpu]
        for stop in [25, 58] { _ = try #require(try await bench.stopped("out", at: stop)) }
        // Holes in the middle are filled by one device as well.
        bench.settings.devices = []
        let report = try await bench.job("out").run()
        #expect(report.resumedSegments > 1)
        #expect(try bench.bytes("out") == whole)
    }

    @Test func oneDeviceThatFailsStopsTheOthers() async throws {
        var bench = try JournalBench()
        bench.settings.devices = [.cpu, .cpu]
        let error = await #expect(throws: RestorationError.self) {
            try await bench.job("out") { frame in
                if frame.index == 50 { throw TestFailure() }
                Thread.sleep(forTimeInterval: 0.01)
            }.run()
        }
        #expect(error?.description.contains("frame 50 (at") == true)
    }

    @Test func sharesThatAreMissingOrUnfinishedAreNamed() async throws {
        let bench = try JournalBench()
        #expect(await sentence { _ = try await JoinJob(bench.target("out")).run() }.contains("no shares of"))
        let settings = shares(bench, 3)
        _ = try await bench.job("out", settings[0]).run()
        #expect(
            await sentence { _ = try await JoinJob(bench.target("out")).run() }.contains(
                "the shares 2/3, 3/3 are not there"))
        _ = try await bench.job("out", settings[1]).run()
        _ = try #require(try await bench.stopped("out", at: 55, settings[2]))
        #expect(
            await sentence { _ = try await JoinJob(bench.target("out")).run() }.contains(
                "out.mkv.shard-3-of-3.heirloom' is not finished"))
        _ = try await bench.job("out", settings[2]).run()
        #expect(try await JoinJob(bench.target("out")).run().frames == 61)
    }

    @Test func sharesOfDifferentJobsAreRefused() async throws {
        let bench = try JournalBench()
        let settings = shares(bench, 2)
        _ = try await bench.job("out", settings[0]).run()
        var other = bench
        other.custom = ["strength": "3"]
        _ = try await other.job("out", settings[1]).run()
        let text = await sentence { _ = try await JoinJob(bench.target("out")).run() }
        #expect(text.contains("does not belong to") && text.contains("strength was 1 and is now 3"), "\(text)")
        #expect(bench.folder.names.count == 3, "nothing was removed")
    }

    @Test func aShareThatIsFinishedIsNotDoneAgain() async throws {
        let bench = try JournalBench()
        let settings = shares(bench, 2)[0]
        _ = try await bench.job("out", settings).run()
        let report = try await bench.job("out", settings) { _ in Issue.record("the share was finished") }.run()
        #expect(report.resumedFrames == report.frames && report.frames == 32)
    }

    @Test func damagedSharesAreSaidAndNotJoined() async throws {
        let bench = try JournalBench()
        let settings = shares(bench, 2)
        for share in settings { _ = try await bench.job("out", share).run() }
        let folder = Journal.folder(for: bench.target("out"), shard: Shard(2, of: 2))
        try flipBit(folder + "/000005.segment")
        let text = await sentence { _ = try await JoinJob(bench.target("out")).run() }
        #expect(text.contains("shard-2-of-2.heirloom' is not finished"), "\(text)")
        #expect(!FileManager.default.fileExists(atPath: bench.target("out")))
        let report = try await bench.job("out", settings[1]).run()
        #expect(report.resumedSegments == 3)
        #expect(try await JoinJob(bench.target("out")).run().frames == 61)
    }

    @Test func divisions() {
        for frames in [0, 1, 7, 8, 9, 61, 1000] {
            for count in [1, 2, 3, 5, 11] {
                let parts = (1...count).map { Shard($0, of: count).segments(ofFilmWith: frames, each: 8) }
                #expect(parts[0].first == 0 && parts[count - 1].end == nil)
                for (one, next) in zip(parts, parts.dropFirst()) { #expect(one.end == next.first) }
            }
        }
        #expect(Shard("2/4") == Shard(2, of: 4) && Shard("2/4")?.description == "2/4")
        for text in ["", "2", "0/4", "5/4", "2/4/1", "a/b", "-1/4", "2/0", "1/99999999999999999999", "1/10000"] {
            #expect(Shard(text) == nil, "\(text)")
        }
    }
}

/// Changes one bit in the middle of a file.
func flipBit(_ path: String) throws {
    var data = try Data(contentsOf: URL(filePath: path))
    data[data.count / 2] ^= 4
    try data.write(to: URL(filePath: path))
}
