import Foundation
import Testing

@testable import HeirloomSignals

@Suite struct SpeechOrMusicTests {
    private static let rate = 16_000

    private func report(_ samples: [Float], block: Int = 10_000) -> SpeechOrMusic.Report {
        var classifier = SpeechOrMusic(sampleRate: Self.rate)
        for start in stride(from: 0, to: samples.count, by: block) {
            classifier.add(channel: Array(samples[start..<min(samples.count, start + block)]))
        }
        return classifier.finish()
    }

    /// Chords of decaying tones, a new one every second.
    private static let chords = (0..<rate * 6).map { index -> Float in
        let t = Double(index) / Double(rate)
        let root = [220.0, 247, 262, 196, 220, 294][Int(t)]
        let tones = [1.0, 1.26, 1.498, 2, 2.52, 3].map { sin(2 * .pi * root * $0 * t) }
        return Float(0.1 * exp(-t.truncatingRemainder(dividingBy: 1)) * tones.reduce(0, +))
    }

    private static let voice = SyntheticVoice.voice(rate: rate, seconds: 6).map { Float($0) }

    @Test func chordsAreMusicAndSyllablesAreSpeech() {
        #expect(report(Self.chords).kind == .music)
        #expect(report(Self.voice).kind == .speech)
        #expect(report([Float](repeating: 0, count: 90_000)).kind == .silence)
        #expect(report(SyntheticVoice.noise(3, 90_000).map { Float(0.1 * $0) }).kind == .speech)
    }

    @Test func speechAfterMusicIsHeard() {
        let found = report(Self.chords + Self.voice)
        #expect(found.segments.first?.kind == .music && found.segments.last?.kind == .speech)
    }

    @Test("segments cover everything once, and blocks change nothing")
    func cover() {
        let sound = Self.chords + Self.voice.prefix(12_345)
        let found = report(sound)
        var end = 0
        for segment in found.segments {
            #expect(segment.start == end)
            end += segment.count
        }
        #expect(end == sound.count)
        #expect(report(sound, block: 777) == found)
        #expect(report([]).segments.isEmpty && report([0.1]).segments.count == 1)
    }
}
