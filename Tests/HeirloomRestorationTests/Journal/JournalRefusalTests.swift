import Foundation
import HeirloomMedia
import HeirloomTensors
import Synchronization
import TestSupport
import Testing

@testable import HeirloomRestoration

@Suite struct JournalRefusalTests {
    /// A job that was stopped late, its bench, and the bytes it should end in.
    private func interrupted() async throws -> (JournalBench, [UInt8]) {
        let bench = try JournalBench()
        let whole = try await bench.unbroken()
        _ = try #require(try await bench.stopped("out", at: 50) as? PauseError)
        return (bench, whole)
    }

    private func refusal(_ bench: JournalBench, _ settings: FilmSettings? = nil) async -> String {
        await sentence {
            _ = try await bench.job("out", settings) { _ in Issue.record("refused work was begun") }.run()
        }
    }

    @Test func changedSettingsAreNamed() async throws {
        let (bench, whole) = try await interrupted()
        var other = bench
        other.custom = ["strength": "1.2"]
        var text = await refusal(other)
        #expect(text.contains("strength was 1 and is now 1.2"), "\(text)")
        #expect(text.contains("--restart") && text.contains("out.mkv.heirloom"))
        var settings = bench.settings
        settings.encoding.codec = .h264
        settings.encoding.quality = 20
        text = await refusal(bench, settings)
        #expect(text.contains("the codec was ffv1 and is now h264"), "\(text)")
        #expect(text.contains("the quality was not set and is now 20"), "\(text)")
        settings = bench.settings
        settings.segmentFrames = 12
        text = await refusal(bench, settings)
        #expect(text.contains("the length of a segment was 8 and is now 12"), "\(text)")
        settings = bench.settings
        settings.limit = MediaTime(seconds: 1)
        text = await refusal(bench, settings)
        #expect(text.contains("the length of the piece was not set and is now"), "\(text)")
        // What leaves the result alone may change.
        settings = bench.settings
        settings.queueFrames = 5
        settings.keepGoing = true
        settings.overwrite = true
        _ = try await bench.job("out", settings).run()
        #expect(try bench.bytes("out") == whole)
    }

    @Test func colourAndEnlargingSettingsHaveNames() throws {
        func settings(_ change: (inout ColorSettings) -> Void) -> [String: String] {
            var color = ColorSettings()
            change(&color)
            return JobDifferences.settings(of: JobDescription(kind: .colorize, input: "a", output: "b", color: color))
        }
        let standard = settings { _ in }
        #expect(
            JobDifferences.clauses(standard, settings { $0.strength = 1.2 })
                == ["the strength of the colours was 1 and is now 1.2"])
        #expect(
            JobDifferences.clauses(standard, settings { $0.model = .named("x.safetensors") })
                == ["the model that colours was standard and is now x.safetensors"])
        #expect(
            JobDifferences.clauses(standard, settings { $0.stabilize = false })
                == ["the steadying of the colours was on and is now off"])
        #expect(
            JobDifferences.clauses(
                standard,
                settings {
                    $0.device = .cpu; $0.threads = 3
                }
            ).isEmpty)
        let enlarged = JobDifferences.settings(
            of: JobDescription(kind: .upscale, input: "a", output: "b", upscale: UpscaleSettings()))
        #expect(
            JobDifferences.clauses(standard, enlarged)
                == ["colouring was on and is now off", "enlarging was off and is now on"])
    }

    @Test func aChangedSourceIsNamed() async throws {
        var (bench, whole) = try await interrupted()
        let data = try Data(contentsOf: URL(filePath: bench.source))
        // Only the time of the file is another: it is the same film.
        try data.write(to: URL(filePath: bench.source))
        var changed = data
        changed[data.count / 2] ^= 1
        try changed.write(to: URL(filePath: bench.source))
        #expect(await refusal(bench).contains("is as long as it was but has other content"))
        try (data + [0]).write(to: URL(filePath: bench.source))
        #expect(await refusal(bench).contains("had \(data.count) bytes and now has \(data.count + 1)"))
        try data.write(to: URL(filePath: bench.source))
        _ = try await bench.job("out").run()
        #expect(try bench.bytes("out") == whole)
        bench.settings.overwrite = true
    }

    @Test func changedWeightsAndLibrariesAreNamed() async throws {
        let (bench, whole) = try await interrupted()
        let path = bench.work("out") + "/job.json"
        let before = try Data(contentsOf: URL(filePath: path))
        var record = try #require(JobFiles.opened(JobRecord.self, at: path))
        record.weights = ["colour": String(repeating: "ab", count: 32)]
        record.libraries["FFmpeg"] = "4.0"
        try JobFiles.sealed(record).write(to: URL(filePath: path))
        let text = await refusal(bench)
        #expect(text.contains("FFmpeg was 4.0 and is now"), "\(text)")
        #expect(text.contains("the weights file colour was abababababab and is now none"), "\(text)")
        try before.write(to: URL(filePath: path))
        _ = try await bench.job("out").run()
        #expect(try bench.bytes("out") == whole)
    }

    @Test func aSourceThatChangesWhileItIsReadStopsTheJob() async throws {
        let bench = try JournalBench()
        let source = bench.source
        let error = await #expect(throws: MediaError.self) {
            try await bench.job("out") { frame in
                Thread.sleep(forTimeInterval: 0.003)
                if frame.index == 30 {
                    let file = try FileHandle(forWritingTo: URL(filePath: source))
                    try file.seekToEnd()
                    try file.write(contentsOf: Data([0]))
                }
            }.run()
        }
        #expect(error?.description.contains("it was changed while it was being read") == true)
        #expect(!FileManager.default.fileExists(atPath: bench.target("out")))
        #expect(await refusal(bench).contains("bytes and now has"))
    }

    @Test func restartingThrowsEarlierWorkAway() async throws {
        let (bench, whole) = try await interrupted()
        try Data("rubbish".utf8).write(to: URL(filePath: bench.work("out") + "/job.json"))
        var settings = bench.settings
        settings.restart = true
        let report = try await bench.job("out", settings).run()
        #expect(report.resumedFrames == 0 && report.frames == 61)
        #expect(try bench.bytes("out") == whole)
    }

    @Test(arguments: ["cut", "empty", "rubbish", "missing", "newer", "hostile"])
    func aJournalThatCannotBeUsedIsRefusedByName(fault: String) async throws {
        let (bench, _) = try await interrupted()
        let url = URL(filePath: bench.work("out") + "/job.json")
        let data = try Data(contentsOf: url)
        let text = String(decoding: data, as: UTF8.self)
        switch fault {
        case "cut": try data.prefix(data.count / 2).write(to: url)
        case "empty": try Data().write(to: url)
        case "rubbish": try Data([0xFF, 0, 1]).write(to: url)
        case "missing": try FileManager.default.removeItem(at: url)
        case "newer":
            try Data(text.replacing("\"formatVersion\" : 2", with: "\"formatVersion\" : 7").utf8).write(to: url)
        default:
            try Data(
                text.replacing("\"segmentFrames\" : 8,\n  \"source\"", with: "\"segmentFrames\" : 0,\n  \"source\"")
                    .utf8
            )
            .write(to: url)
        }
        let sentence = await refusal(bench)
        #expect(sentence.hasPrefix("Cannot go on with the work in"), "\(sentence)")
        #expect(sentence.contains("--restart"))
        #expect(
            sentence.contains(fault == "newer" ? "version 7" : fault == "missing" ? "missing" : "damaged"),
            "\(sentence)")
        #expect(bench.workNames("out").contains("000002.segment"), "nothing is removed unasked")
    }

    @Test(arguments: ["another value", "a field less", "a space more", "no digest"])
    func aJournalThatOnlyLooksRightIsRefused(change: String) async throws {
        let (bench, whole) = try await interrupted()
        let url = URL(filePath: bench.work("out") + "/job.json")
        let data = try Data(contentsOf: url)
        let text = String(decoding: data, as: UTF8.self)
        let other =
            switch change {
            case "another value": text.replacing("\"strength\" : \"1\"", with: "\"strength\" : \"0\"")
            case "a field less": text.replacing(/\n  "estimatedFrames" : [0-9]+,/, with: "")
            case "a space more": text.replacing("\"digest\" :", with: "\"digest\"  :")
            default: text.replacing(/\n  "digest" : "[0-9a-f]{64}",/, with: "")
            }
        try #require(other != text)
        try Data(other.utf8).write(to: url)
        let sentence = await refusal(bench)
        #expect(sentence.contains("its job.json was changed by hand or damaged; start afresh"), "\(sentence)")
        // `heirloom resume` reads it without the lock and says the same.
        #expect(await refusal(ofResuming: bench.target("out")) == sentence)
        try data.write(to: url)
        _ = try await bench.job("out").run()
        #expect(try bench.bytes("out") == whole)
    }

    private func refusal(ofResuming target: String) async -> String { await sentence { _ = try ResumeJob(target) } }

    @Test func aChangedTimestampInARecordIsNoticed() async throws {
        let (bench, whole) = try await interrupted()
        let path = bench.work("out") + "/000002.json"
        var record = try #require(JobFiles.opened(SegmentRecord.self, at: path))
        record.summary.frames[3].pts += 1
        let seal = try String(contentsOfFile: path, encoding: .utf8).firstMatch(of: /"digest" : "[0-9a-f]{64}"/)
        let forged = String(decoding: JobFiles.sealed(record), as: UTF8.self)
            .replacing(/"digest" : "[0-9a-f]{64}"/, with: try #require(seal).output)
        try Data(forged.utf8).write(to: URL(filePath: path))
        let report = try await bench.job("out").run()
        #expect(report.notes.contains { $0.hasPrefix("Segment 2 of the earlier work was damaged") }, "\(report.notes)")
        #expect(try bench.bytes("out") == whole)
    }

    @Test(arguments: ["no treatment", "no room", "no frames"])
    func numbersThatCannotBeComputedWithAreRefused(fault: String) async throws {
        let (bench, _) = try await interrupted()
        let path = bench.work("out") + "/job.json"
        var record = try #require(JobFiles.opened(JobRecord.self, at: path))
        switch fault {
        case "no treatment": record.description.kind = .upscale
        case "no room": record.description.film.queueBytes = 0
        default: record.description.film.queueFrames = -1
        }
        try JobFiles.sealed(record).write(to: URL(filePath: path))
        #expect(await refusal(bench).contains("job.json is damaged"))
        #expect(await refusal(ofResuming: bench.target("out")).contains("job.json is damaged"))
    }

    @Test func aFileInThePlaceOfTheFolderIsNamed() async throws {
        let bench = try JournalBench()
        try Data("mine".utf8).write(to: URL(filePath: bench.work("out")))
        let sentence = await refusal(bench)
        #expect(sentence.contains("out.mkv.heirloom', and that is the name of a file; move"), "\(sentence)")
        #expect(bench.folder.names == ["out.mkv.heirloom", "source.mkv"])
    }

    @Test func aNameThatTheFileSystemCannotHoldIsRefusedBeforeTheWork() async throws {
        let bench = try JournalBench()
        let long = String(repeating: "n", count: 252)
        #expect(await sentence { _ = try await bench.job(long).run() }.contains("its name has 256 bytes"))
        #expect(bench.folder.names == ["source.mkv"])
        // The longest name that there can be is no trouble, though its folder's would be longer.
        _ = try await bench.job(String(long.dropLast())).run()
        #expect(bench.folder.names.count == 2)
    }

    @Test(arguments: ["bit", "cut", "gone", "record", "other record", "no record"])
    func aDamagedSegmentIsDoneAgainAndSaid(fault: String) async throws {
        let (bench, whole) = try await interrupted()
        let segment = bench.work("out") + "/000002.segment"
        let record = URL(filePath: bench.work("out") + "/000002.json")
        switch fault {
        case "bit": try flipBit(segment)
        case "cut": try Data(contentsOf: URL(filePath: segment)).dropLast(9).write(to: URL(filePath: segment))
        case "gone": try FileManager.default.removeItem(atPath: segment)
        case "record": try Data("{".utf8).write(to: record)
        case "other record":
            try Data(contentsOf: URL(filePath: bench.work("out") + "/000001.json")).write(to: record)
        default: try FileManager.default.removeItem(at: record)
        }
        let report = try await bench.job("out").run()
        #expect(try bench.bytes("out") == whole)
        #expect(
            report.notes.contains { $0.hasPrefix("Segment 2 of the earlier work was damaged") }
                == (fault != "no record"))
        #expect(bench.folder.names == ["out.mkv", "source.mkv", "unbroken.mkv"])
    }

    @Test func twoJobsOnOneTarget() async throws {
        let bench = try JournalBench()
        let started = Mutex(false)
        let first = Task {
            try await bench.job("out") { _ in
                started.withLock { $0 = true }
                Thread.sleep(forTimeInterval: 0.01)
            }.run()
        }
        while !started.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
        let error = await #expect(throws: MediaError.self) { try await bench.job("out").run() }
        #expect(
            error?.description.contains("this very program is working on it at this moment") == true,
            "\(error?.description ?? "")")
        let report = try await first.value
        #expect(report.frames == 61 && bench.folder.names == ["out.mkv", "source.mkv"])
    }

    @Test func filesOfOthersAreLeftAlone() async throws {
        let (bench, whole) = try await interrupted()
        let mine = bench.work("out") + "/my notes.txt"
        try Data("keep".utf8).write(to: URL(filePath: mine))
        let report = try await bench.job("out").run()
        #expect(try bench.bytes("out") == whole)
        #expect(report.notes.contains { $0.contains("files in it that are not Heirloom's and stays") })
        #expect(bench.workNames("out") == ["my notes.txt"])
    }

    @Test func leftoversOfAKillCountForNothing() async throws {
        let (bench, whole) = try await interrupted()
        for name in ["000099.segment", "000006.json.new", "joined.mkv", "end.json.new"] {
            try Data("half".utf8).write(to: URL(filePath: bench.work("out") + "/" + name))
        }
        _ = try await bench.job("out").run()
        #expect(try bench.bytes("out") == whole)
        #expect(bench.folder.names == ["out.mkv", "source.mkv", "unbroken.mkv"])
    }

    @Test func namesOfFoldersFitFileSystems() {
        #expect(Journal.folder(for: "a/film.mkv") == "a/film.mkv.heirloom")
        #expect(Journal.folder(for: "film.mkv", shard: Shard(2, of: 4)) == "film.mkv.shard-2-of-4.heirloom")
        #expect(Journal.folder(for: "/film.mkv") == "/film.mkv.heirloom")
        let long = String(repeating: "ü", count: 125) + ".mkv"
        let name = Journal.folder(for: long)
        #expect(name.utf8.count <= 255 && name.hasSuffix(".heirloom"))
        #expect(name != Journal.folder(for: "x" + long.dropFirst()))
    }

    @Test func aJobIsResumedFromItsFolderAlone() async throws {
        let (bench, _) = try await interrupted()
        // The stage of a test is no job of Heirloom's.
        #expect(throws: RestorationError.self) { try ResumeJob(bench.target("out")) }
        #expect(throws: RestorationError.self) { try ResumeJob(bench.target("nothing")) }
        var record = try #require(JobFiles.opened(JobRecord.self, at: bench.work("out") + "/job.json"))
        record.description.kind = .colorize
        record.description.color = ColorSettings()
        record.description.color?.strength = 1.5
        record.description.upscale = UpscaleSettings()
        record.description.upscale?.target = TargetSize("1080p")
        record.description.clean = CleanSettings()
        record.description.clean?.limit = .infinity
        try JobFiles.sealed(record).write(to: URL(filePath: bench.work("out") + "/job.json"))
        for path in [bench.target("out"), bench.work("out"), bench.work("out") + "/"] {
            let job = try ResumeJob(path).description
            #expect(job.color?.strength == 1.5 && job.upscale?.target == .screen(lines: 1080))
            #expect(job.clean?.limit == .infinity && job.film.segmentFrames == 8)
            #expect(job.output == bench.target("out") && job.input == bench.source)
        }
        let moved = bench.folder.file("renamed.mkv.heirloom")
        try FileManager.default.moveItem(atPath: bench.work("out"), toPath: moved)
        #expect(await sentence { _ = try ResumeJob(moved) }.contains("was renamed"))
    }
}
