import Foundation
import HeirloomTensors
import Testing

@testable import HeirloomSignals

/// Faults that are put into known sound, and what is left of them.
@Suite struct RepairTests {
    private static let rate = 16_000
    private static let voice = SyntheticVoice.voice(rate: rate, seconds: 2).map { Float($0) }

    /// Signal to distortion in dB over some samples.
    private func quality(_ result: [Float], _ truth: [Float], _ places: [Int]? = nil) -> Double {
        let all = places ?? Array(truth.indices)
        let signal = all.reduce(0.0) { $0 + Double(truth[$1] * truth[$1]) }
        let error = all.reduce(0.0) { $0 + Double((result[$1] - truth[$1]) * (result[$1] - truth[$1])) }
        return 10 * log10(signal / max(error, 1e-20))
    }

    private func level(_ x: some Collection<Float>) -> Double {
        10 * log10(x.reduce(0.0) { $0 + Double($1 * $1) } / Double(x.count))
    }

    @Test("every repair gives as many samples as it takes, whatever the blocks are")
    func blocks() {
        let limits = HealthReport.Limits(negative: 0.2, positive: 0.2)
        var spoiled = Self.voice.map { min(max($0, -0.2), 0.2) }
        spoiled[10_000] = 0.9
        let repairs: [any SoundRepair] = [
            RumbleFilter(sampleRate: Self.rate, offset: 0.01),
            HumFilter(sampleRate: Self.rate, frequencies: [50, 150]),
            Declipper(sampleRate: Self.rate, limits: limits), ClickRepair(sampleRate: Self.rate),
            ZeroPhaseFilter(sampleRate: Self.rate, curve: [(100, 0), (1000, 3)]),
            GainCurve([0, 6, -3, 0], sampleRate: Self.rate),
        ]
        for repair in repairs {
            let whole = repair.repaired(spoiled)
            #expect(whole.count == spoiled.count, "\(type(of: repair))")
            for block in [333, 20_000] {
                var stream = repair
                var result: [Float] = []
                for start in stride(from: 0, to: spoiled.count, by: block) {
                    result += stream.process(Array(spoiled[start..<min(spoiled.count, start + block)]))
                }
                #expect(result + stream.finish() == whole, "\(type(of: repair)) in blocks of \(block)")
            }
            #expect(repair.repaired([]).isEmpty && repair.repaired([0.5]).count == 1, "\(type(of: repair))")
            #expect(repair.repaired(spoiled).allSatisfy { $0.isFinite })
        }
    }

    @Test func offsetAndRumbleGoAndVoicesStay() {
        let spoiled = Self.voice.enumerated().map { $1 + 0.1 + 0.2 * sin(2 * .pi * 4 * Float($0) / Float(Self.rate)) }
        let result = RumbleFilter(sampleRate: Self.rate, offset: 0.1).repaired(spoiled)
        #expect(quality(result, RumbleFilter(sampleRate: Self.rate).repaired(Self.voice)) > level(Self.voice) + 17 + 26)
        #expect(quality(RumbleFilter(sampleRate: Self.rate).repaired(Self.voice), Self.voice) > 35)
    }

    @Test func humGoesAndVoicesStay() {
        let hum = (0..<Self.voice.count).map { index -> Float in
            let phase = 2 * Float.pi * 50 * Float(index) / Float(Self.rate)
            return 0.05 * sin(phase) + 0.03 * sin(5 * phase)
        }
        let filter = HumFilter(sampleRate: Self.rate, frequencies: [50, 250, 7999, 9000])
        // The notch at 50 Hz takes a third of a second to settle by 20 dB.
        #expect(level(filter.repaired(hum)[24_000...]) < level(hum) - 50)
        #expect(quality(filter.repaired(Self.voice), Self.voice) > 15)
    }

    /// A vowel: pulses that ring in three resonances, swelling and fading.
    private static let vowel: [Float] = {
        let hiss = SyntheticVoice.noise(31, 2 * rate)
        let formants = [(650.0, 80.0, 1.0), (1150, 100, 0.6), (2600, 150, 0.2)]
        let ring = (0..<400).map { index -> Double in
            let t = Double(index) / Double(rate)
            return formants.reduce(0) { $0 + $1.2 * exp(-.pi * $1.1 * t) * sin(2 * .pi * $1.0 * t) }
        }
        var sound = hiss.map { 2e-3 * $0 }
        for start in stride(from: 0.0, to: Double(2 * rate - 400), by: 131.7) {
            let swell = 0.05 + pow(sin(.pi * 1.3 * start / Double(rate)), 2)
            for (offset, value) in ring.enumerated() { sound[Int(start) + offset] += 0.25 * swell * value }
        }
        return sound.map { Float($0) }
    }()

    @Test("cut-off peaks are rebuilt and nothing else is touched", arguments: [0.7, 0.85] as [Float])
    func clipping(_ part: Float) {
        let limit = (Self.vowel.map(abs).max() ?? 0) * part
        let clipped = Self.vowel.map { min(max($0, -limit), limit) }
        // A step of 16 bits below the limit counts as at the limit.
        let missing = clipped.indices.filter { abs(clipped[$0]) >= limit - 1 / 32_768 }
        #expect(missing.count > 20)
        var repair = Declipper(
            sampleRate: Self.rate, limits: HealthReport.Limits(negative: Double(limit), positive: Double(limit)))
        let first = repair.process(clipped)
        let result = first + repair.finish()
        #expect(repair.repairedCount == missing.count)
        #expect(quality(result, Self.vowel, missing) > quality(clipped, Self.vowel, missing) + 3)
        let others = Set(Self.vowel.indices).subtracting(missing)
        #expect(others.allSatisfy { result[$0] == clipped[$0] })
        #expect(missing.allSatisfy { abs(result[$0]) >= abs(clipped[$0]) })
        #expect(missing.allSatisfy { result[$0] * clipped[$0] > 0 })
    }

    @Test("clicks go, and sound without clicks is not touched", arguments: [16_000, 48_000])
    func clicks(_ rate: Int) {
        let voice = SyntheticVoice.voice(rate: rate, seconds: 1.2).map { Float($0) }
        let noisy = zip(voice, SyntheticVoice.noise(77, voice.count)).map { $0 + Float(0.001 * $1) }
        var untouched = ClickRepair(sampleRate: rate)
        #expect(untouched.process(noisy) + untouched.finish() == noisy && untouched.clickCount == 0)

        var spoiled = noisy
        let heights = SyntheticVoice.noise(5, 400)
        let places = (1...10).map { $0 * voice.count / 11 + $0 }
        for (number, place) in places.enumerated() {
            let height = Float(0.7 + 0.5 * heights[number])
            for offset in 0..<(1 + number % 4) * rate / 16_000 { spoiled[place + offset] = height }
        }
        var repair = ClickRepair(sampleRate: rate)
        let result = repair.process(spoiled) + repair.finish()
        #expect(repair.clickCount >= 9 && repair.clickCount <= 11)
        #expect(quality(result, noisy) > quality(spoiled, noisy) + 25)
        #expect(repair.repairedCount < 10 * 12 * rate / 16_000)
    }

    @Test("linear prediction finds a resonance and fills a hole in it")
    func prediction() throws {
        let tone = (0..<800).map { Float(sin(Double($0) * 0.21) + 0.3 * sin(Double($0) * 0.77)) }
        let prediction = try #require(LinearPrediction(tone, order: 12))
        #expect(level(prediction.errors(tone, ahead: true)[20..<780]) < level(tone) - 30)
        var holed = tone
        for index in 400..<410 { holed[index] = 0 }
        prediction.interpolate(&holed, Array(400..<410))
        #expect(quality(holed, tone, Array(400..<410)) > 25)
        #expect(LinearPrediction([Float](repeating: 0, count: 100), order: 8) == nil)
    }

    @Test func aZeroPhaseFilterHasItsGainAndNoDelay() {
        let filter = ZeroPhaseFilter(sampleRate: Self.rate, curve: [(500, 6), (1000, -6)])
        for (frequency, gain) in [(200.0, 6.0), (707, 0), (3000, -6)] {
            let tone = (0..<16_000).map { Float(0.1 * sin(2 * .pi * frequency * Double($0) / 16_000)) }
            let wanted = tone.map { $0 * Float(pow(10, gain / 20)) }
            // A delay of a tenth of a sample at 3 kHz would cost more than 18 dB.
            #expect(quality(filter.repaired(tone), wanted, Array(4000..<12_000)) > 30, "\(frequency) Hz")
        }
    }
}
