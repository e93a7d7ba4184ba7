import Foundation
import HeirloomTensors
import Testing

@testable import HeirloomSignals

@Suite struct GainMatchingTests {
    private static let rate = 8000
    private static let voice = SyntheticVoice.voice(rate: rate, seconds: 12).map { Float($0) }

    private func noisy(_ gain: Float, _ seed: UInt64) -> [Float] {
        zip(Self.voice, SyntheticVoice.noise(seed, Self.voice.count)).map { gain * ($0 + Float(1e-3 * $1)) }
    }

    private func matched(_ channels: [[Float]], reference: Int = 0) -> [GainMatching.Channel] {
        var matching = GainMatching(channelCount: channels.count, sampleRate: Self.rate)
        // Intervals of 4 s, as the job hands them over.
        for start in stride(from: 0, to: Self.voice.count, by: 32_000) {
            let end = min(start + 32_000, Self.voice.count)
            matching.add(
                Tensor(channels.flatMap { Array($0[start..<end]) }, shape: [channels.count, end - start]))
        }
        return matching.finish(reference: reference)
    }

    @Test func constantGainsAreFound() {
        let found = matched([noisy(1, 1), noisy(0.25, 2), noisy(3, 3)])
        for (channel, gain) in zip(found, [0, 12.04, -9.54]) {
            #expect(abs(channel.gain - gain) < 0.2 && channel.slowGain.isEmpty)
            #expect(channel.response.allSatisfy { abs($0) < 0.5 })
        }
        #expect(found[0].frequencies.count == found[0].response.count)
    }

    @Test func anAutomaticLevelControlIsUndone() {
        // Up and down by 16 dB in 12 s.
        let pumping = noisy(1, 2).enumerated().map { index, x in
            x * Float(pow(10, 0.4 * sin(2 * .pi * Double(index) / 96_000)))
        }
        let found = matched([noisy(1, 1), pumping, noisy(0.5, 3)])
        #expect(found[0].slowGain.isEmpty && found[2].slowGain.isEmpty)
        #expect(found[1].slowRange > 10 && found[1].slowGain.count == 24)
        let undone = GainCurve(found[1].slowGain, sampleRate: Self.rate).repaired(pumping)
        func ratios(_ x: [Float]) -> [Double] {
            (1..<11).map { second in
                let part = second * 8000..<second * 8000 + 8000
                func power(_ x: [Float]) -> Double { x[part].reduce(0) { $0 + Double($1 * $1) } }
                return 10 * log10(power(x) / power(Self.voice))
            }
        }
        func spread(_ x: [Double]) -> Double { (x.max() ?? 0) - (x.min() ?? 0) }
        #expect(spread(ratios(pumping)) > 12 && spread(ratios(undone)) < 4)
    }

    @Test func aDifferentToneIsMeasured() {
        let bright = ZeroPhaseFilter(sampleRate: Self.rate, curve: [(500, 0), (1000, 8)]).repaired(noisy(1, 2))
        let found = matched([noisy(1, 1), bright])[1]
        let low = zip(found.frequencies, found.response).filter { 200..<400 ~= $0.0 }.map(\.1)
        let high = zip(found.frequencies, found.response).filter { 1500..<2500 ~= $0.0 }.map(\.1)
        let difference = low.reduce(0, +) / Double(low.count) - high.reduce(0, +) / Double(high.count)
        #expect(abs(difference - 8) < 1.5)
        #expect(found.response.allSatisfy { abs($0) <= 12 })
    }

    @Test func silenceAndMissingChannelsGiveNoGain() {
        let silent = [Float](repeating: 0, count: Self.voice.count)
        let found = matched([noisy(1, 1), silent])
        #expect(found[1].gain == 0 && found[1].slowGain.isEmpty && found[1].response.allSatisfy(\.isFinite))
        var matching = GainMatching(channelCount: 2, sampleRate: Self.rate)
        matching.add(Tensor.zeros([2, 10]))
        #expect(matching.finish(reference: 1)[0].gain == 0)
    }

    @Test("what is marked as not recorded does not count")
    func validity() {
        let channels = [noisy(1, 1), noisy(1, 2)]
        var broken = channels
        for index in 0..<40_000 { broken[1][index] = 0.5 }
        let x = Tensor(broken.flatMap { $0 }, shape: [2, Self.voice.count])
        let valid = Tensor.ones([2, Self.voice.count])
        let mask = concatenated(
            [valid[0..<1], concatenated([Tensor.zeros([1, 40_000]), valid[1..<2, 40_000...]], axis: 1)], axis: 0)
        let speech = Tensor([Float](repeating: 1, count: 10))
        var (with, without) = (
            GainMatching(channelCount: 2, sampleRate: Self.rate), GainMatching(channelCount: 2, sampleRate: Self.rate)
        )
        with.add(x, speech: speech, valid: mask)
        without.add(x, speech: speech)
        #expect(abs(with.finish(reference: 0)[1].gain) < 2)
        #expect(abs(without.finish(reference: 0)[1].gain) > abs(with.finish(reference: 0)[1].gain))
    }

    @Test("dull speech becomes brighter, within the limits, and only where there is speech")
    func tone() {
        var correction = ToneCorrection(sampleRate: 16_000)
        let sound = SyntheticVoice.voice(rate: 16_000, seconds: 6)
        let noise = SyntheticVoice.noise(8, sound.count)
        correction.add(Tensor(zip(sound, noise).map { Float($0 + 1e-4 * $1) }))
        let curve = correction.curve(validBand: 3000)
        #expect(curve.allSatisfy { abs($0.gain) <= 6 })
        #expect(curve.filter { $0.frequency >= 3000 }.allSatisfy { $0.gain <= 0 })
        #expect(curve.contains { abs($0.gain) > 1 })
        #expect(ToneCorrection(sampleRate: 16_000).curve().allSatisfy { $0.gain == 0 })
    }
}
