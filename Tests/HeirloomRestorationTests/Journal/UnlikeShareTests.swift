import Foundation
import HeirloomMedia
import HeirloomModels
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomRestoration

/// Shares made by machines with more and with less processors and memory.
@Suite struct UnlikeShareTests {
    /// A job that colours with a small network on so many threads.
    private func job(
        _ bench: JournalBench, _ name: String, threads: Int, batch: Int? = nil, steadied: Bool = false,
        share: Shard? = nil
    ) -> FilmJob {
        var settings = bench.settings
        settings.shard = share
        var color = quickSettings(stabilize: steadied)
        color.batch = batch
        return FilmJob(input: bench.source, output: bench.target(name), settings: settings, custom: bench.custom) {
            [color] format in
            try Colorizer(
                ParallelPredictor(count: threads) { try NetworkPredictor(tinyNetwork(), precision: .float32) },
                format: format, settings: color)
        }
    }

    @Test(arguments: [false, true])
    func threadsAndBatchesAreNoMatter(steadied: Bool) async throws {
        let bench = try JournalBench()
        _ = try await job(bench, "unbroken", threads: 1, steadied: steadied).run()
        let shares = (1...3).map { Shard($0, of: 3) }
        _ = try await job(bench, "out", threads: 3, steadied: steadied, share: shares[0]).run()
        _ = try await job(bench, "out", threads: 1, steadied: steadied, share: shares[1]).run()
        _ = try await job(bench, "out", threads: 2, batch: 5, steadied: steadied, share: shares[2]).run()
        let records = try shares.map { try Journal.record(in: Journal.folder(for: bench.target("out"), shard: $0)) }
        #expect(records.map(\.choices.batch) == [6, 2, 5] && records.map(\.choices.group) == [1, 1, 1])
        let report = try await JoinJob(bench.target("out")).run()
        #expect(report.frames == 61 && !report.notes.contains { $0.contains("processors") })
        #expect(try bench.bytes("out") == bench.bytes("unbroken"))
    }

    @Test func workGoesOnWithOtherThreads() async throws {
        let bench = try JournalBench()
        _ = try await job(bench, "unbroken", threads: 2).run()
        let monitor = JobMonitor()
        let first = job(bench, "out", threads: 1)
        async let ended = first.run(monitor: monitor)
        while bench.workNames("out").allSatisfy({ !$0.hasSuffix(".segment") }) {
            try await Task.sleep(for: .milliseconds(2))
        }
        monitor.cancel()
        // On a quick machine it may be over already.
        _ = try? await ended
        if !FileManager.default.fileExists(atPath: bench.target("out")) {
            _ = try await job(bench, "out", threads: 3).run()
        }
        #expect(try bench.bytes("out") == bench.bytes("unbroken"))
    }

    @Test func framesComputedAsOneAreCompared() async throws {
        let bench = try JournalBench()
        for (index, group) in [(1, 2), (2, 4)] {
            var settings = bench.settings
            settings.shard = Shard(index, of: 2)
            let color = with(quickSettings(stabilize: false)) { $0.batch = group }
            _ = try await FilmJob(input: bench.source, output: bench.target("out"), settings: settings) {
                // One network computes its batch as one.
                try Colorizer(NetworkPredictor(tinyNetwork(), precision: .float32), format: $0, settings: color)
            }.run()
        }
        let text = await sentence { _ = try await JoinJob(bench.target("out")).run() }
        #expect(text.contains("computed as one (--batch) was 2 and is now 4"), "\(text)")
    }

    @Test func otherProcessorsAreSaid() async throws {
        let bench = try JournalBench()
        for index in 1...2 { _ = try await job(bench, "out", threads: 1, share: Shard(index, of: 2)).run() }
        let path = Journal.folder(for: bench.target("out"), shard: Shard(2, of: 2)) + "/job.json"
        var record = try #require(JobFiles.opened(JobRecord.self, at: path))
        #expect(record.choices.instructions == Runtime.cpuCapability)
        record.choices.instructions = "LSX"
        try JobFiles.sealed(record).write(to: URL(filePath: path))
        let report = try await JoinJob(bench.target("out")).run()
        #expect(report.notes.contains { $0.contains("different kinds") && $0.contains("LSX") }, "\(report.notes)")
    }

    @Test func settingsOfTheMachineAreNotCompared() {
        func settings(_ change: (inout ColorSettings, inout UpscaleSettings) -> Void) -> [String: String] {
            var (color, upscale) = (ColorSettings(), UpscaleSettings())
            change(&color, &upscale)
            return JobDifferences.settings(
                of: JobDescription(kind: .restore, input: "a", output: "b", color: color, upscale: upscale))
        }
        let standard = settings { _, _ in }
        #expect(settings { ($0.threads, $0.batch, $1.threads, $1.batch) = (3, 5, 7, 9) } == standard)
        #expect(settings { color, _ in color.strength = 2 } != standard)
        #expect(settings { _, upscale in upscale.tile = 256 } != standard)
    }

    @Test func whatABatchHangsOn() {
        var choices = MachineChoices()
        (choices.batch, choices.group) = (16, 1)
        #expect(choices.fixedBatch == nil, "more threads may take more frames")
        choices.group = 16
        #expect(choices.fixedBatch == 16)
        choices.group = 48
        #expect(choices.fixedBatch == 16, "of a chain, several batches are one group")
    }

    @Test(arguments: [Precision.bfloat16, .float32])
    func theGroupOfTheStandardNetworkHangsOnNoThreads(precision: Precision) throws {
        var groups: Set<Int> = []
        for threads in [1, 2, 3] {
            let settings = with(quickSettings()) { ($0.threads, $0.precision) = (threads, precision) }
            let predictor = try NetworkPredictor.forFilm(settings, RenderSize(width: 96, height: 64, shortSide: 64))
            let batch = predictor.batch(height: 64, width: 96)
            groups.insert(predictor.group(of: batch, height: 64, width: 96))
        }
        #expect(groups == [precision == .float32 ? 1 : 4])
    }

    @Test func filmsHaveTheSameTileOnEveryMachine() {
        func restorer(_ bytes: Int) -> TiledRestorer {
            TiledRestorer(Tiler(scale: 2, context: 10, blend: 0), bytesPerPixel: bytes) { $0 }
        }
        for (bytes, tile) in [(800, 1024), (1_700, 792), (16_400, 248)] {
            for free in [4e9, 16e9, 200e9] {
                #expect(restorer(bytes).filmTile(width: 1920, height: 1080, free: free) == tile)
            }
        }
        // What a small picture does not need is not missed.
        let small = restorer(1_700)
        #expect(small.filmTile(width: 320, height: 240, free: 3e8) == 792 && small.notes.isEmpty)
        let short = restorer(1_700)
        let tile = short.filmTile(width: 1920, height: 1080, free: 3e8)
        #expect(tile < 400 && short.notes.count == 1 && short.notes[0].contains("\(tile) pixels instead of 792"))
    }

    private func with<Value>(_ value: Value, _ change: (inout Value) -> Void) -> Value {
        var value = value
        change(&value)
        return value
    }
}
