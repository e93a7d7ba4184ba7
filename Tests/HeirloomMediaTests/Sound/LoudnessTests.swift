import Foundation
import HeirloomMedia
import Testing

@Suite("Loudness, peaks and rates")
struct LoudnessTests {
    @Test("a sine of 997 Hz at -20 dBFS is -23 LUFS in one channel (EBU Tech 3341)")
    func reference() {
        let sine = SoundLab.sine(997, rate: 48_000, count: 96_000, level: 0.1)
        let meter = LoudnessMeter(sampleRate: 48_000, channelCount: 1)
        meter.add([sine])
        #expect(abs((meter.integrated ?? 0) + 23.01) < 0.05)
        #expect(abs(meter.truePeak + 20) < 0.05)
        #expect(abs(meter.samplePeak + 20) < 0.05)
        let both = LoudnessMeter(sampleRate: 48_000, channelCount: 2)
        both.add([sine, sine])
        #expect(abs((both.integrated ?? 0) + 20) < 0.05)
    }

    @Test("silence and nothing have no loudness")
    func silence() {
        let meter = LoudnessMeter(sampleRate: 16_000, channelCount: 1)
        #expect(meter.integrated == nil)
        meter.add([[Float](repeating: 0, count: 32_000)])
        #expect(meter.integrated == nil)
        #expect(meter.truePeak == -.infinity)
        #expect(meter.range == 0)
    }

    private func limited(_ channels: [[Float]], rate: Int, gain: Double, block: Int) -> (TruePeakLimiter, [[Float]]) {
        var limiter = TruePeakLimiter(sampleRate: rate, channelCount: channels.count, gainDB: gain)
        var result = [[Float]](repeating: [], count: channels.count)
        func take(_ pieces: [[Float]]) { for channel in result.indices { result[channel] += pieces[channel] } }
        var start = 0
        while start < channels[0].count {
            let end = min(channels[0].count, start + block)
            take(limiter.process(channels.map { Array($0[start..<end]) }))
            start = end
        }
        take(limiter.finish())
        return (limiter, result)
    }

    @Test(
        "the limiter holds the ceiling from the first sample to the last, whatever the blocks",
        arguments: [16_000, 48_000])
    func limiter(rate: Int) {
        // A quarter of the sampling rate at 45°: samples miss the peaks by 3 dB; and noise with bursts.
        var loud = (0..<9_000).map { Float(0.9 * sin(.pi / 2 * Double($0) + .pi / 4)) }
        let noise = SoundLab.noise(9_000, level: 0.9)[0]
        for index in loud.indices where index / 1_500 % 2 == 1 { loud[index] = 0.1 * noise[index] }
        loud[4_000] = 3
        let soft = loud.map { $0 * 0.5 }
        let (limiter, whole) = limited([loud, soft], rate: rate, gain: 3, block: 100_000)
        #expect(whole.map(\.count) == [9_000, 9_000])
        let meter = LoudnessMeter(sampleRate: rate, channelCount: 2)
        meter.add(whole)
        meter.add([[Float](repeating: 0, count: 200), [Float](repeating: 0, count: 200)])
        #expect(meter.truePeak < -0.9)
        #expect(meter.truePeak > -1.6)
        #expect(limiter.reductionDB < -10)
        // One gain for all channels.
        #expect(zip(whole[0], whole[1]).allSatisfy { abs($0 * 0.5 - $1) < 1e-6 })
        let (_, pieces) = limited([loud, soft], rate: rate, gain: 3, block: 777)
        #expect(pieces == whole)
        let (_, crumbs) = limited([loud, soft], rate: rate, gain: 3, block: 7)
        #expect(crumbs == whole)
    }

    @Test("the limiter leaves alone what needs no limiting")
    func idle() {
        let noise = SoundLab.noise(5_000, channels: 2, level: 0.3)
        let (limiter, result) = limited(noise, rate: 48_000, gain: 0, block: 1_024)
        #expect(result == noise)
        #expect(limiter.reductionDB == 0)
        let (_, short) = limited([[0.5, -0.5]], rate: 48_000, gain: -6, block: 1)
        #expect(short[0].count == 2)
        #expect(abs(short[0][0] - 0.250_6) < 1e-3)
    }

    @Test(
        "a sine stays a sine at its place, in any blocks",
        arguments: [(48_000, 16_000), (16_000, 48_000), (44_100, 48_000), (8_000, 48_000), (192_000, 48_000)])
    func resampling(from: Int, to: Int) throws {
        let count = from / 2 + 13
        let input = [SoundLab.sine(440, rate: from, count: count, level: 0.5), SoundLab.noise(count)[0]]
        func run(_ block: Int) throws -> [[Float]] {
            let resampler = try AudioResampler(from: from, to: to, channelCount: 2)
            var result: [[Float]] = [[], []]
            func take(_ pieces: [[Float]]) { for channel in 0..<2 { result[channel] += pieces[channel] } }
            var start = 0
            while start < count {
                let end = min(count, start + block)
                take(try resampler.process(input.map { Array($0[start..<end]) }))
                start = end
            }
            take(try resampler.finish())
            return result
        }
        let whole = try run(count)
        #expect(whole[0].count == AudioResampler.length(of: count, from: from, to: to))
        #expect(abs(Double(whole[0].count) - Double(count) * Double(to) / Double(from)) <= 0.5)
        let expected = SoundLab.sine(440, rate: to, count: whole[0].count, level: 0.5)
        let edge = to / 10
        let worst = SoundLab.difference(
            Array(whole[0][edge..<whole[0].count - edge]), Array(expected[edge..<whole[0].count - edge]))
        #expect(worst < 2e-6)
        #expect(try run(997) == whole)
        #expect(try run(1) == whole || count > 30_000)
    }

    @Test("equal rates pass the samples through, no samples give none")
    func trivial() throws {
        let noise = SoundLab.noise(100)
        let resampler = try AudioResampler(from: 48_000, to: 48_000, channelCount: 1)
        #expect(try resampler.process(noise) == noise)
        #expect(try resampler.finish() == [[]])
        #expect(try AudioResampler(from: 48_000, to: 16_000, channelCount: 2).finish() == [[], []])
        let one = try AudioResampler(from: 8_000, to: 48_000, channelCount: 1)
        #expect(try one.process([[0.5]])[0].count + one.finish()[0].count == 6)
    }
}
