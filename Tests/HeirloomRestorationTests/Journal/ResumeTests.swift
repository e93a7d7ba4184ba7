import Foundation
import HeirloomMedia
import Synchronization
import TestSupport
import Testing

@testable import HeirloomRestoration

@Suite struct ResumeTests {
    @Test(arguments: [
        ("mkv", VideoEncoding(codec: .ffv1)), ("mp4", VideoEncoding(codec: .h264)),
        ("mov", VideoEncoding(codec: .prores)),
    ])
    func stoppedAndResumedIsTheSameAsUnbroken(ending: String, encoding: VideoEncoding) async throws {
        var bench = try JournalBench(encoding: encoding)
        bench.ending = ending
        let whole = try await bench.unbroken()
        #expect(bench.workNames("unbroken").isEmpty && bench.folder.names == ["source.mkv", "unbroken.\(ending)"])
        var stops = 0
        for stop in [3, 17, 18, 33, 60] {
            let before = bench.workNames("out").count { $0.hasSuffix(".segment") }
            guard let error = try await bench.stopped("out", at: stop) else { break }
            stops += 1
            if let pause = error as? PauseError {
                #expect(pause.cause == .stopped && pause.keptFrames > 0 && pause.keptFrames % 8 == 0)
                #expect(pause.description.contains("are finished and kept in '\(bench.work("out"))'"))
                // What was treated but lies in no whole segment is all that is lost.
                #expect(pause.keptFrames + 8 + 2 * 2 + 2 * MemoryStage.group > stop, "\(pause.keptFrames) of \(stop)")
                #expect(bench.workNames("out").count { $0.hasSuffix(".segment") } >= before)
            } else {
                #expect(error is CancellationError && stop < 20, "nothing was finished: \(error)")
                #expect(!FileManager.default.fileExists(atPath: bench.work("out")))
            }
        }
        #expect(stops == 5)
        let fed = Mutex<[Int]>([])
        let report = try await bench.job("out") { frame in fed.withLock { $0.append(frame.index) } }.run()
        #expect(try bench.bytes("out") == whole)
        #expect(bench.folder.names == ["out.\(ending)", "source.mkv", "unbroken.\(ending)"])
        #expect(report.frames == 61 && report.segments == 8 && report.resumedSegments >= 4)
        #expect(report.resumedFrames == report.resumedSegments * 8)
        #expect(report.shots.map(\.firstFrame) == [0, 10, 20, 30, 40, 50, 60])
        #expect(report.shots.map(\.frameCount) == [10, 10, 10, 10, 10, 10, 1])
        // What was finished was not treated again, but for the run-in.
        let first = try #require(fed.withLock { $0.first })
        #expect(
            first >= report.resumedFrames - MemoryStage.memory - MemoryStage.group && first % MemoryStage.group == 0)
    }

    /// A copy of the folder at any moment is what a kill at that moment leaves.
    @Test func killedAtAnyMoment() async throws {
        let bench = try JournalBench()
        let whole = try await bench.unbroken()
        let copies = try TemporaryFolder()
        let done = Mutex(false)
        async let copying: [String] = bench.copies(of: "out", into: copies) { done.withLock { $0 } }
        _ = try await bench.job("out") { _ in Thread.sleep(forTimeInterval: 0.003) }.run()
        done.withLock { $0 = true }
        let taken = try await copying
        #expect(taken.count > 10)
        for copy in taken.suffix(6) + taken.dropLast(6).shuffled().prefix(8) {
            try? FileManager.default.removeItem(atPath: bench.target("out"))
            try? FileManager.default.removeItem(atPath: bench.work("out"))
            try FileManager.default.copyItem(atPath: copy, toPath: bench.work("out"))
            let isNamed = copy.hasSuffix("named")
            if isNamed {
                try FileManager.default.copyItem(atPath: bench.target("unbroken"), toPath: bench.target("out"))
            }
            let report = try await bench.job("out").run()
            #expect(report.frames == 61)
            #expect(try bench.bytes("out") == whole)
            #expect(bench.folder.names == ["out.mkv", "source.mkv", "unbroken.mkv"])
        }
    }

    @Test func aFilmThatWasDeliveredIsOnlyCleanedUp() async throws {
        let bench = try JournalBench()
        let whole = try await bench.unbroken()
        // As after a kill between the name and the removal.
        _ = try #require(try await bench.stopped("out", at: 50))
        let journal = try Journal(target: bench.target("out"))
        let record = try #require(journal.record)
        try FileManager.default.copyItem(atPath: bench.target("unbroken"), toPath: bench.target("out"))
        let report = FilmReport(
            bench.job("out").description, record, journal.segments, nil, resumed: [])
        try journal.deliver(Delivery(file: SourceIdentity(path: bench.target("out")), report: report))
        #expect(try journal.leave())
        let again = try await bench.job("out") { _ in Issue.record("a delivered film was treated again") }.run()
        #expect(again.output == bench.target("out"))
        #expect(bench.folder.names == ["out.mkv", "source.mkv", "unbroken.mkv"])
        #expect(try bench.bytes("out") == whole)
        // From here on it is a file as any other.
        await #expect(throws: MediaError.self) { try await bench.job("out").run() }
    }

    @Test func anEmptyFolderBesideAFinishedFilmIsTheRestOfACleanUp() async throws {
        let bench = try JournalBench()
        let whole = try await bench.unbroken()
        try FileManager.default.createDirectory(atPath: bench.work("unbroken"), withIntermediateDirectories: false)
        let report = try await bench.job("unbroken") { _ in Issue.record("a finished film was treated again") }.run()
        #expect(report.notes.first?.contains("finished by an earlier run") == true)
        #expect(try bench.bytes("unbroken") == whole && bench.folder.names == ["source.mkv", "unbroken.mkv"])
    }

    @Test func aJoinedFileThatWasVerifiedOnlyGetsItsName() async throws {
        let bench = try JournalBench()
        let whole = try await bench.unbroken()
        _ = try #require(try await bench.stopped("out", at: 50))
        let journal = try Journal(target: bench.target("out"))
        try FileManager.default.copyItem(atPath: bench.target("unbroken"), toPath: journal.joinedPath)
        let report = FilmReport(
            bench.job("out").description, try #require(journal.record), journal.segments, nil, resumed: [])
        try journal.deliver(Delivery(file: SourceIdentity(path: journal.joinedPath), report: report))
        #expect(try journal.leave())
        // Another command on the target does not take it.
        var other = bench
        other.custom = ["strength": "2"]
        #expect(await sentence { _ = try await other.job("out").run() }.contains("strength was 1 and is now 2"))
        _ = try await bench.job("out") { _ in Issue.record("a joined film was treated again") }.run()
        #expect(try bench.bytes("out") == whole)
        #expect(bench.folder.names == ["out.mkv", "source.mkv", "unbroken.mkv"])
    }

    @Test func aTargetThatExistsIsNeverReplacedUnasked() async throws {
        let bench = try JournalBench()
        _ = try #require(try await bench.stopped("out", at: 50))
        try bench.folder.write([1, 2, 3], to: "out.mkv")
        let error = await #expect(throws: MediaError.self) { try await bench.job("out").run() }
        #expect(error?.code == .exists)
        #expect(try bench.bytes("out") == [1, 2, 3] && !bench.workNames("out").isEmpty)
        var settings = bench.settings
        settings.overwrite = true
        let report = try await bench.job("out", settings).run()
        #expect(report.resumedFrames > 0 && bench.folder.names == ["out.mkv", "source.mkv"])
    }

    @Test func aTargetThatAppearsMeanwhileStays() async throws {
        let bench = try JournalBench()
        let target = bench.target("out")
        let error = await #expect(throws: MediaError.self) {
            try await bench.job("out") { frame in
                if frame.index == 40 { try Data([7]).write(to: URL(filePath: target)) }
            }.run()
        }
        #expect(error?.code == .exists)
        #expect(try bench.bytes("out") == [7])
        try FileManager.default.removeItem(atPath: target)
        let report = try await bench.job("out") { _ in Issue.record("everything was finished") }.run()
        #expect(report.resumedFrames == 61)
    }

    @Test func aFullDiskIsAPause() async throws {
        let bench = try JournalBench()
        let whole = try await bench.unbroken()
        let error = await #expect(throws: PauseError.self) {
            try await bench.job("out") { frame in
                if frame.index == 40 {
                    throw MediaError(.diskFull, "write the film", path: "out.mkv", reason: "the disk is full")
                }
            }.run()
        }
        #expect(error?.cause == .diskFull && error?.keptFrames ?? 0 >= 16 && error?.totalFrames == 61)
        #expect(error?.description.hasPrefix("The disk is full: \(error?.keptFrames ?? 0) of 61 frames") == true)
        _ = try await bench.job("out").run()
        #expect(try bench.bytes("out") == whole)
    }

    @Test func aFailureKeepsWhatIsFinishedAndSaysSo() async throws {
        let bench = try JournalBench()
        let said = Mutex<[String]>([])
        let error = await #expect(throws: RestorationError.self) {
            try await bench.job("out") { frame in
                if frame.index == 40 { throw TestFailure() }
            }.run(monitor: JobMonitor { sentence in said.withLock { $0.append(sentence) } })
        }
        #expect(error?.description.contains("frame 40 (at") == true)
        #expect(said.withLock { $0.first?.contains("frames are finished and kept in '\(bench.work("out"))'") } == true)
        #expect(bench.workNames("out").contains("000001.segment"))
    }

    @Test func pausesAreCountedAndProgressGoesOn() async throws {
        let bench = try JournalBench()
        _ = try #require(try await bench.stopped("out", at: 50))
        let kept = bench.workNames("out").count { $0.hasSuffix(".segment") } * 8
        let monitor = JobMonitor()
        let lowest = Mutex(Int.max)
        _ = try await bench.job("out") { _ in
            if let progress = monitor.progress() { lowest.withLock { $0 = min($0, progress.completed) } }
        }.run(monitor: monitor)
        #expect(lowest.withLock { $0 } == kept)
        #expect(monitor.progress()?.completed == 61 && monitor.progress()?.total == 61)
    }
}

extension JournalBench {
    /// Copies the folder of a target's work again and again; a name that ends in "named" says that the target was there.
    func copies(of name: String, into copies: TemporaryFolder, until isDone: @Sendable () -> Bool) async throws
        -> [String]
    {
        var taken: [String] = []
        while !isDone() {
            let isNamed = FileManager.default.fileExists(atPath: target(name))
            guard FileManager.default.fileExists(atPath: work(name)) else {
                try await Task.sleep(for: .milliseconds(1))
                continue
            }
            let copy = copies.file("\(taken.count)" + (isNamed ? " named" : ""))
            try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
            // Records first: what a record counts on was there before it.
            for file in workNames(name).sorted(by: { $0.hasSuffix("json") && !$1.hasSuffix("json") }) {
                try? FileManager.default.copyItem(atPath: work(name) + "/" + file, toPath: copy + "/" + file)
            }
            taken.append(copy)
            try await Task.sleep(for: .milliseconds(15))
        }
        return taken
    }
}
