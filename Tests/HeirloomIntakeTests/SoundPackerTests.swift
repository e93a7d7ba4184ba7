import Foundation
import HeirloomDatasets
import HeirloomIntake
import HeirloomMedia
import HeirloomTensors
import Testing

/// What is taken for clean speech, on small files made for it.
@Suite struct SoundPackerTests {
    private let folder: IntakeFolder
    /// Where stores go: a file that is being written must not be counted among the others.
    private let results: IntakeFolder

    init() throws {
        folder = try IntakeFolder()
        results = try IntakeFolder()
    }

    /// Syllables: bursts of a buzz with all harmonics, between them a floor of noise so many dB below.
    private func speech(
        seconds: Double = 1, rate: Int = 16_000, pitch: Double = 120, floor: Double = -75, top: Double = 7500
    ) -> [Float] {
        var state: UInt64 = UInt64(pitch)
        let harmonics = Int(top / pitch)
        // One period is enough to know the buzz; phases spread its peaks.
        let period = Int(Double(rate) / pitch)
        let wave = (0..<period).map { place in
            (1...harmonics).reduce(0.0) { sum, harmonic in
                let angle = 2 * Double.pi * Double(harmonic * place) / Double(period)
                return sum + sin(angle + Double(harmonic * harmonic)) / Double(harmonics).squareRoot()
            }
        }
        return (0..<Int(seconds * Double(rate))).map { place in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let noise = Double(state >> 40) / Double(1 << 24) * 2 - 1
            // A syllable swells and fades, so that its edges do not sound at all frequencies.
            let syllable = max(0, sin(2 * .pi * 4 * Double(place) / Double(rate)))
            return Float(0.2 * syllable * syllable * wave[place % period] + 0.2 * pow(10, floor / 20) * noise)
        }
    }

    private func write(_ name: String, _ channels: [[Float]], rate: Int = 16_000) throws {
        let path = folder.file(name)
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        let writer = try AudioWriter(
            to: URL(filePath: path), sampleRate: rate, channelCount: channels.count, format: .int16)
        try writer.write(channels)
        try writer.finish()
    }

    private func fill() throws {
        try write("ada/good.wav", [speech()])
        try write("ada/stereo.wav", [speech(pitch: 150), speech(pitch: 150)])
        try write("bob/good.flac", [speech(rate: 44_100, pitch: 90)], rate: 44_100)
        try write("bob/again.wav", [speech()])
        try write("bob/noisy.wav", [speech(pitch: 100, floor: -20)])
        try write("bob/clipped.wav", [speech(pitch: 110).map { max(-1, min(1, $0 * 8)) }])
        try write("bob/telephone.wav", [speech(pitch: 130, top: 3400)])
        try write("bob/short.wav", [speech(seconds: 0.1)])
        try write("bob/silent.wav", [[Float](repeating: 0, count: 16_000)])
        try folder.add("no sound", "bob/broken.wav")
        try folder.add("a text", "bob/readme.txt")
    }

    @Test func onlyCleanSpeechIsUsed() async throws {
        try fill()
        let packer = SoundPacker([folder.path], options: .init(purpose: .speech))
        let report = try await packer.run(to: results.file("speech.store"))
        func reason(_ name: String) -> SoundReport.LeftOut.Reason? {
            report.leftOut.first { $0.path.hasSuffix(name) }?.reason
        }
        #expect(report.usable == 3, "\(report.leftOut)")
        #expect(reason("bob/again.wav") == .duplicate && reason("noisy.wav") == .noisy)
        #expect(reason("clipped.wav") == .clipped && reason("telephone.wav") == .narrow)
        #expect(reason("short.wav") == .tooShort && reason("silent.wav") == .silent && reason("broken.wav") == .broken)
        #expect(report.otherFiles == 1)
        let store = try SoundStore(contentsOf: results.file("speech.store"))
        #expect(store.count == 3 && store.entries.allSatisfy { $0.sampleRate == 16_000 })
        #expect(store.metadata.families == ["ada", "bob"])
        #expect(store.metadata.names == ["ada/good.wav", "ada/stereo.wav", "bob/good.flac"])
        for clip in 0..<3 {
            // Loud parts near -20 dB of full scale, silence at the ends at most 100 ms and a piece of 20.
            let level = store.clip(clip).squared().mean().sqrt().item()
            #expect(level > 0.03 && level < 0.12, "\(level)")
            #expect(abs(store.entries[clip].duration - 1) < 0.15)
        }
        let verdict = report.verdict(for: .speech)
        #expect(verdict.hasPrefix("3 of 10 recordings will be used (3 seconds); left out:"), "\(verdict)")
        #expect(verdict.contains("half an hour"))
    }

    @Test func theDoctorSaysTheSameAndWritesNothing() async throws {
        try fill()
        let before = try folder.names
        let report = try await SoundDoctor([folder.path], options: .init(purpose: .speech)).run()
        #expect(try folder.names == before)
        let packed = try await SoundPacker([folder.path], options: .init(purpose: .speech))
            .run(to: results.file("speech.store"))
        #expect(report == packed)
        #expect(report.lines(for: .speech).contains { $0.contains("noisy.wav") })
    }

    @Test func noiseMayBeAnything() async throws {
        try fill()
        let report = try await SoundDoctor([folder.path], options: .init(purpose: .noise)).run()
        #expect(report.usable == 7, "\(report.leftOut)")
        #expect(report.count(.noisy) == 0 && report.count(.silent) == 1 && report.count(.broken) == 1)
    }

    @Test func manifestsNameFamiliesAndLicences() async throws {
        try write("voices/1.wav", [speech()])
        try folder.add("file,group,licence,source\n1.wav,carla,CC0,home\n2.wav,carla,CC0,home\n", "voices/manifest.csv")
        let report = try await SoundDoctor([folder.file("voices")], options: .init(purpose: .speech)).run()
        #expect(report.families.keys.sorted() == ["carla"])
        #expect(report.sources == [.init(name: "home", licence: "CC0", count: 1)])
        #expect(report.notes == ["The manifest in '\(folder.file("voices"))' lists 1 recordings that are not there."])
    }

    @Test func longRecordingsBecomeSeveralClips() async throws {
        try write("ada/long.wav", [speech(seconds: 2.6)])
        var options = SoundIntakeOptions(purpose: .speech, longestClip: 1)
        options.leavesOutDuplicates = false
        _ = try await SoundPacker([folder.path], options: options).run(to: results.file("speech.store"))
        #expect(try SoundStore(contentsOf: results.file("speech.store")).count == 3)
    }

    @Test func bothRatesAreKeptWhereTheyAreThere() async throws {
        try write("ada/high.wav", [speech(rate: 48_000, pitch: 200, top: 20_000)], rate: 48_000)
        try write("ada/low.wav", [speech(pitch: 140)])
        let options = SoundIntakeOptions(purpose: .speech, sampleRates: [16_000, 48_000])
        let report = try await SoundPacker([folder.path], options: options).run(to: results.file("speech.store"))
        let store = try SoundStore(contentsOf: results.file("speech.store"))
        #expect(store.entries.map(\.sampleRate) == [16_000, 48_000, 16_000])
        #expect(report.clips == 3 && abs(report.seconds - 2) < 0.3)
    }

    @Test func nothingUsableIsAnErrorThatLeavesNothing() async throws {
        try folder.add("no sound", "x/broken.wav")
        let target = results.file("speech.store")
        let packer = SoundPacker([folder.file("x")], options: .init(purpose: .speech))
        let error = await #expect(throws: MediaError.self) { try await packer.run(to: target) }
        #expect(error?.code == .noSound && error?.description.contains("broken.wav") == true)
        #expect(try results.names.isEmpty)
        let none = await #expect(throws: MediaError.self) {
            try await SoundDoctor([folder.file("y")], options: .init(purpose: .noise)).run()
        }
        #expect(none?.code == .notFound)
    }

    @Test func aFileInTheWayIsKept() async throws {
        try write("ada/good.wav", [speech()])
        try results.add("precious", "speech.store")
        let packer = SoundPacker([folder.file("ada")], options: .init(purpose: .speech))
        let error = await #expect(throws: MediaError.self) { try await packer.run(to: results.file("speech.store")) }
        #expect(error?.code == .exists)
        _ = try await packer.run(to: results.file("speech.store"), overwrite: true)
        #expect(try SoundStore(contentsOf: results.file("speech.store")).count == 1)
    }
}
