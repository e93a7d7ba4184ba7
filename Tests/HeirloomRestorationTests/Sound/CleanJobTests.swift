import Foundation
import HeirloomMedia
import HeirloomRestoration
import Testing

@Suite("clean sound") struct CleanJobTests {
    @Test("one recording keeps its length, rate, tags and time reference, and gets its loudness")
    func one() async throws {
        let folder = try SoundFolder()
        let speech = babble(seconds: 4, rate: 44_100)
        let noisy = zip(speech, hiss(speech.count, level: 0.003, seed: 5)).map { $0 + $1 }
        try folder.write(
            [noisy], as: "mic.wav", rate: 44_100, format: .int16, tags: ["title": "An interview"],
            broadcast: BroadcastInfo(description: "take 3", timeReference: 44_100 * 60))
        let report = try await CleanJob(
            inputs: [folder.file("mic.wav")], output: folder.file("out.wav"), settings: plainSettings()
        ).run()
        let result = try folder.read("out.wav")
        #expect(result.channels.count == 1 && result.channels[0].count == noisy.count)
        #expect(result.info.sampleRate == 44_100 && result.info.sampleFormat == .int24)
        #expect(result.info.tags["title"] == "An interview")
        #expect(result.info.broadcast?.timeReference == 44_100 * 60)
        #expect(abs((report.loudness ?? 0) + 16) < 0.5, "\(report.loudness ?? 0)")
        #expect((report.truePeak ?? 0) <= -0.9)
        #expect(report.recordings.map(\.use) == [.used] && report.model == nil)
    }

    @Test("nothing to do leaves the samples as they are")
    func untouched() async throws {
        let folder = try SoundFolder()
        let speech = babble(seconds: 2)
        try folder.write([speech, speech.map { $0 * 0.5 }], as: "mic.wav")
        var settings = plainSettings()
        settings.stages = .align
        settings.loudness = nil
        settings.depth = .float32
        settings.keepsRemoved = true
        let report = try await CleanJob(
            inputs: [folder.file("mic.wav")], output: folder.file("out.wav"), settings: settings
        ).run()
        let result = try folder.read("out.wav")
        #expect(result.channels[0] == speech && result.channels.count == 2)
        #expect(report.removed == folder.file("out-removed.wav"))
        #expect(try folder.read("out-removed.wav").channels[0].allSatisfy { $0 == 0 })
    }

    @Test("what was kept and what was taken away make the recording again")
    func removed() async throws {
        let folder = try SoundFolder()
        let speech = babble(seconds: 3)
        let hum = speech.indices.map { 0.02 * sin(2 * .pi * 50 * Float($0) / 16_000) }
        let noisy = zip(speech, hum).map { $0 + $1 }
        try folder.write([noisy], as: "mic.wav")
        var settings = plainSettings()
        settings.loudness = nil
        settings.depth = .float32
        settings.keepsRemoved = true
        _ = try await CleanJob(
            inputs: [folder.file("mic.wav")], output: folder.file("out.wav"), settings: settings
        ).run()
        let (kept, removed) = (try folder.read("out.wav").channels[0], try folder.read("out-removed.wav").channels[0])
        let worst = zip(zip(kept, removed), noisy).map { abs($0.0 + $0.1 - $1) }.max() ?? 1
        #expect(worst < 1e-6)
    }

    @Test("two recordings that start at other times become one on the timeline of the first")
    func two() async throws {
        let folder = try SoundFolder()
        let speech = babble(seconds: 24)
        let first = zip(speech, hiss(speech.count, level: 0.03, seed: 1)).map { $0 + $1 }
        // Starts 2.5 s later, upside down and quieter.
        let second = zip(speech[40_000...], hiss(speech.count - 40_000, level: 0.012, seed: 2)).map { -0.4 * $0 + $1 }
        try folder.write([first], as: "a.wav")
        try folder.write([second], as: "b.flac", format: .int24)
        var settings = plainSettings()
        settings.reference = "a.wav"
        settings.report = folder.file("report")
        let inputs = [folder.file("a.wav"), folder.file("b.flac")]
        let report = try await CleanJob(inputs: inputs, output: folder.file("out.flac"), settings: settings).run()
        #expect(report.recordings.map(\.use) == [.used, .used], "\(report.text)")
        #expect(abs((report.recordings[1].offset ?? 0) - 2.5) < 0.0005)
        #expect(abs(report.recordings[1].drift ?? 99) < 2)
        #expect(report.recordings[1].isInverted && !report.recordings[0].isInverted)
        #expect(report.reference == inputs[0] && report.timeline == inputs[0])
        #expect(try folder.read("out.flac").channels[0].count == speech.count)
        let names = try folder.names
        #expect(names == ["a.wav", "b.flac", "out.flac", "report.json", "report.png", "report.txt"])
        let decoded = try JSONDecoder().decode(
            CleanReport.self, from: Data(contentsOf: URL(fileURLWithPath: folder.file("report.json"))))
        #expect(decoded.recordings.map(\.file) == inputs)
        #expect(try StillReader.read(folder.file("report.png")).width == 1200)
    }

    @Test("aligned files lie on one clock, all of one length")
    func aligned() async throws {
        let folder = try SoundFolder()
        let speech = babble(seconds: 20)
        // Each microphone has its own hiss; without it they would be one recording, given twice.
        try folder.write([zip(speech, hiss(speech.count, level: 0.015, seed: 3)).map { $0 + $1 }], as: "a.wav")
        let rest = Array(speech[16_000...])
        try folder.write([zip(rest, hiss(rest.count, level: 0.015, seed: 4)).map { $0 + $1 }], as: "b.wav")
        var settings = plainSettings()
        settings.alignsOnly = true
        settings.reference = "a.wav"
        let report = try await CleanJob(
            inputs: [folder.file("a.wav"), folder.file("b.wav")], output: folder.file("aligned/"), settings: settings
        ).run()
        #expect(report.outputs == [folder.file("aligned/a.wav"), folder.file("aligned/b.wav")])
        let (a, b) = (try folder.read("aligned/a.wav").channels[0], try folder.read("aligned/b.wav").channels[0])
        #expect(a.count == speech.count && b.count == speech.count)
        let difference =
            zip(a, b).enumerated().filter { 20_000..<300_000 ~= $0.offset }
            .map { abs($0.element.0 - $0.element.1) }.max() ?? 1
        #expect(difference < 0.05, "\(difference)")
        #expect(b[..<15_000].allSatisfy { $0 == 0 })
    }

    @Test("a dead recording is named and left out; the other one is cleaned alone")
    func dead() async throws {
        let folder = try SoundFolder()
        try folder.write([babble(seconds: 5)], as: "a.wav")
        try folder.write([[Float](repeating: 0, count: 80_000)], as: "b.wav")
        let report = try await CleanJob(
            inputs: [folder.file("a.wav"), folder.file("b.wav")], output: folder.file("out.wav"),
            settings: plainSettings()
        ).run()
        #expect(report.recordings.map(\.use) == [.used, .leftOut])
        #expect(report.recordings[1].reasons.first?.hasPrefix("dead") == true)
    }

    @Test("a silent recording alone is refused and nothing is written; steady noise alone is cleaned and named")
    func silentAlone() async throws {
        let folder = try SoundFolder()
        try folder.write([[Float](repeating: 0, count: 80_000)], as: "silent.wav")
        try folder.write([hiss(80_000, level: 0.02, seed: 3)], as: "hiss.wav")
        let refused = CleanJob(
            inputs: [folder.file("silent.wav")], output: folder.file("out.wav"), settings: plainSettings())
        let error = await #expect(throws: RestorationError.self) { try await refused.run() }
        #expect(error?.code == .nothingUsable && error?.description.contains("silent.wav") == true)
        #expect(try folder.names == ["hiss.wav", "silent.wav"])
        let report = try await CleanJob(
            inputs: [folder.file("hiss.wav")], output: folder.file("out.wav"), settings: plainSettings()
        ).run()
        #expect(report.recordings[0].reasons.first?.contains("steady noise") == true)
        #expect(report.summary.contains("cleaned") && !report.summary.contains("best microphone"))
    }

    @Test("recordings of different events are refused, and nothing is left")
    func unrelated() async throws {
        let folder = try SoundFolder()
        try folder.write([babble(seconds: 15, seed: 11)], as: "a.wav")
        try folder.write([babble(seconds: 15, seed: 77)], as: "b.wav")
        let job = CleanJob(
            inputs: [folder.file("a.wav"), folder.file("b.wav")], output: folder.file("out.wav"),
            settings: plainSettings())
        let error = await #expect(throws: RestorationError.self) { try await job.run() }
        #expect(error?.code == .notAligned && error?.description.contains("a.wav") == true)
        #expect(try folder.names == ["a.wav", "b.wav"])
    }

    @Test("the same recording twice counts once")
    func twice() async throws {
        let folder = try SoundFolder()
        let speech = babble(seconds: 12)
        try folder.write([speech], as: "a.wav")
        try folder.write([speech], as: "b.wav")
        let report = try await CleanJob(
            inputs: [folder.file("a.wav"), folder.file("b.wav")], output: folder.file("out.wav"),
            settings: plainSettings()
        ).run()
        #expect(report.recordings.map(\.use) == [.used, .leftOut], "\(report.text)")
        #expect(report.recordings[1].reasons.contains { $0.contains("same recording") })
    }

    @Test("a piece of the timeline")
    func piece() async throws {
        let folder = try SoundFolder()
        try folder.write([babble(seconds: 4)], as: "a.wav", broadcast: BroadcastInfo(timeReference: 1000))
        var settings = plainSettings()
        settings.from = 1
        settings.to = 2.5
        _ = try await CleanJob(inputs: [folder.file("a.wav")], output: folder.file("out.wav"), settings: settings).run()
        let result = try folder.read("out.wav")
        #expect(result.channels[0].count == 24_000 && result.info.broadcast?.timeReference == 17_000)
        settings.from = 9
        settings.to = nil
        settings.overwrite = true
        await #expect(throws: RestorationError.self) {
            _ = try await CleanJob(inputs: [folder.file("a.wav")], output: folder.file("out.wav"), settings: settings)
                .run()
        }
    }

    @Test("a stop leaves nothing behind")
    func stop() async throws {
        let folder = try SoundFolder()
        try folder.write([babble(seconds: 5)], as: "a.wav")
        let monitor = JobMonitor()
        monitor.cancel()
        await #expect(throws: CancellationError.self) {
            _ = try await CleanJob(
                inputs: [folder.file("a.wav")], output: folder.file("out.wav"), settings: plainSettings()
            ).run(monitor: monitor)
        }
        #expect(try folder.names == ["a.wav"])
    }
}
