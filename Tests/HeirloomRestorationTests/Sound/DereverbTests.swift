import Foundation
import HeirloomRestoration
import Testing

@Suite("the echo of one microphone") struct DereverbTests {
    private static let rate = 16_000

    /// Reflections from 60 ms on, ever weaker, the same for the same seed.
    private func echoed(_ dry: [Float], seed: UInt64) -> [Float] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var result = dry
        for index in 0..<24 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let delay = Self.rate * (60 + 12 * index + Int(state >> 60)) / 1000
            let gain = Float(0.35 * exp(-Double(index) / 10)) * (state & 1 << 40 == 0 ? 1 : -1)
            for place in delay..<dry.count { result[place] += gain * dry[place - delay] }
        }
        return result
    }

    /// The error in dB of the signal, without the first and last half second.
    private func error(_ x: [Float], _ truth: [Float]) -> Double {
        let kept = (Self.rate / 2)..<(truth.count - Self.rate / 2)
        let (wrong, whole) = kept.reduce(into: (0.0, 0.0)) { sums, index in
            sums.0 += Double((x[index] - truth[index]) * (x[index] - truth[index]))
            sums.1 += Double(truth[index] * truth[index])
        }
        return 10 * log10(max(wrong, 1e-20) / whole)
    }

    private func settings(_ stages: CleanStages) -> CleanSettings {
        var settings = plainSettings()
        settings.stages = stages
        settings.loudness = nil
        settings.depth = .float32
        // What is made up here is neither speech nor music.
        settings.treatsMusic = true
        return settings
    }

    private func cleaned(
        _ channels: [[Float]], _ stages: CleanStages
    ) async throws -> (channels: [[Float]], report: CleanReport) {
        let folder = try SoundFolder()
        try folder.write(channels, as: "mic.wav")
        let report = try await CleanJob(
            inputs: [folder.file("mic.wav")], output: folder.file("out.wav"), settings: settings(stages)
        ).run()
        return (try folder.read("out.wav").channels, report)
    }

    @Test("late echo goes from one recording, and only where the stage is wanted")
    func echo() async throws {
        let dry = babble(seconds: 8)
        let wet = echoed(dry, seed: 3)
        let (kept, plain) = try await cleaned([wet], .align)
        #expect(kept[0] == wet && plain.intervals.map(\.method) == ["alone"])
        let (result, report) = try await cleaned([wet], [.align, .dereverb])
        let (before, after) = (error(wet, dry), error(result[0], dry))
        // One microphone's past predicts a part of it.
        #expect(result[0].count == dry.count && after < before - 0.8, "\(before) → \(after) dB")
        #expect(report.intervals.map(\.method) == ["dereverberated"])
    }

    @Test("both channels of a stereo recording lose their echo and stay beside each other")
    func stereo() async throws {
        let dry = babble(seconds: 6, seed: 7)
        let right = dry.map { $0 * 0.5 }
        let wet = [echoed(dry, seed: 5), echoed(right, seed: 9)]
        let (result, _) = try await cleaned(wet, [.align, .dereverb])
        #expect(result.count == 2)
        for (channel, truth) in zip(result.indices, [dry, right]) {
            #expect(error(result[channel], truth) < error(wet[channel], truth) - 1.5)
        }
    }

    @Test("short dry sounds pass as they are")
    func dry() async throws {
        var sound = [Float](repeating: 0, count: 8 * Self.rate)
        let noise = hiss(sound.count, level: 0.3, seed: 11)
        for start in stride(from: 1000, to: sound.count - 500, by: 4700) {
            for index in start..<start + 400 { sound[index] = noise[index] }
        }
        let (result, report) = try await cleaned([sound], [.align, .dereverb])
        #expect(error(result[0], sound) < -30)
        #expect(report.intervals.map(\.method) == ["alone"])
    }
}
