import Foundation
import Testing

@testable import HeirloomSignals

/// Recordings with one known fault each, made by formula.
@Suite struct HealthMeterTests {
    private static let rate = 16_000
    private static let voice: [Float] = {
        let clean = SyntheticVoice.voice(rate: rate, seconds: 6, pitch: 137)
        // Some words are louder than others: the formula alone is squeezed like an overdriven recording.
        return zip(clean.indices, SyntheticVoice.noise(21, clean.count)).map { index, hiss in
            let stress = exp(sin(2 * .pi * 0.37 * Double(index) / Double(rate)) - 1)
            return Float(clean[index] * stress + 0.004 * hiss)
        }
    }()

    private func report(_ samples: [Float], block: Int = 4096, rate: Int = Self.rate) -> HealthReport {
        var meter = HealthMeter(sampleRate: rate)
        for start in stride(from: 0, to: samples.count, by: block) {
            meter.add(channel: Array(samples[start..<min(samples.count, start + block)]))
        }
        return meter.finish()
    }

    /// The value in steps of 16 bits.
    private func stored(_ x: Float) -> Float { (x * 32_768).rounded() / 32_768 }

    @Test func aHealthyRecordingIsNotAccused() {
        let healthy = report(Self.voice.map(stored))
        #expect(healthy.faults == [] && healthy.summary == "nothing is wrong")
        #expect(healthy.speechRange > 15 && healthy.gaps.isEmpty && healthy.clipLimits == nil)
        // The hiss of the formula reaches the top, its quiet syllables do not.
        #expect(healthy.validBand > 5000)
        let power = Self.voice.reduce(0) { $0 + Double($1 * $1) } / Double(Self.voice.count)
        #expect(abs(healthy.level - 10 * log10(power)) < 0.05)
    }

    @Test("how the sound is cut into blocks changes nothing", arguments: [1, 777, 100_000])
    func blocks(_ size: Int) {
        var spoiled = Self.voice.prefix(40_000).map { min(max(stored(3 * $0), -0.5), 0.5) }
        for index in 20_000..<20_500 { spoiled[index] = 0 }
        #expect(report(spoiled, block: size) == report(spoiled))
    }

    @Test("clipping is found at full scale, below it after a change of gain, and on one side alone")
    func clipping() {
        let limit = Float(Self.voice.map(abs).max() ?? 1) * 0.3
        for gain in [1 / limit, 0.37] as [Float] {
            let clipped = Self.voice.map { stored(min(max($0, -limit), limit) * gain) }
            let found = report(clipped)
            let truth = Double(Self.voice.count { abs($0) >= limit }) / Double(Self.voice.count)
            // Runs of one and two samples are not counted.
            #expect(found.clippedFraction > 0.7 * truth && found.clippedFraction < 1.1 * truth)
            #expect(found.faults.first == (found.clippedFraction > 0.01 ? .clipped : .slightlyClipped))
            #expect(abs((found.clipLimits?.positive ?? 0) - Double(limit * gain)) < 1e-3)
            #expect(abs((found.clipLimits?.negative ?? 0) - Double(limit * gain)) < 1e-3)
        }
        let oneSide = report(Self.voice.map { stored(min($0, limit)) })
        #expect(oneSide.clippedFraction > 0 && oneSide.clipLimits?.negative == nil)
        #expect(oneSide.clipLimits?.positive != nil)
    }

    @Test("a single spike above the limit does not hide clipping, and round tops of a tone are none")
    func clippingIsToldFromPeaks() {
        let limit = Float(Self.voice.map(abs).max() ?? 1) * 0.3
        var clipped = Self.voice.map { stored(min(max($0, -limit), limit)) }
        clipped[1000] = 0.99
        #expect(report(clipped).clippedFraction > 0.001)
        for level in [0.9, 0.004] as [Float] {
            let tone = (0..<Self.rate * 2).map { stored(level * sin(Float($0) * 0.03)) }
            #expect(report(tone).clippedFraction == 0, "a tone of \(level)")
        }
    }

    @Test("soft saturation is named, and not of the same sound before it")
    func saturation() {
        let loud = Self.voice.map(abs).sorted()[Self.voice.count * 99 / 100]
        let driven = report(Self.voice.map { tanh(1.5 * $0 / loud) * 0.5 })
        #expect(driven.topKurtosis < 3 && driven.faults == [.saturated])
        #expect(report(Self.voice).topKurtosis > 4)
        // So far that nothing but the limit is left of the loud parts.
        #expect(report(Self.voice.map { tanh(5 * $0 / loud) * 0.5 }).topKurtosis < 3)
    }

    @Test("gaps of zeros and frozen values are found to the sample, short ones ignored")
    func gaps() {
        var muted = Self.voice.map(stored)
        for index in 30_000..<38_000 { muted[index] = 0 }
        for index in 50_000..<50_081 { muted[index] = 0.01 }
        for index in 60_000..<60_070 { muted[index] = 0 }
        let found = report(muted)
        #expect(found.gaps.count == 2)
        // A sample beside a gap may have its value by chance.
        #expect(abs(found.gaps[0].start - 30_000) <= 1 && abs(found.gaps[0].count - 8000) <= 2)
        #expect(abs(found.gaps[1].start - 50_000) <= 1 && abs(found.gaps[1].count - 81) <= 2)
        #expect(found.faults == [.muted])
        #expect(found.summary == "0.51 s without sound in 2 places, the first at 1.88 s")
    }

    @Test func digitalSilenceAroundTheSoundIsNoMute() {
        let silence = [Float](repeating: 0, count: 8000)
        let found = report(silence + Self.voice + silence)
        #expect(found.gaps.count == 2 && found.mutes.isEmpty && found.faults == [])
    }

    @Test("steady noise, hum and silence are dead")
    func dead() {
        let noise = SyntheticVoice.noise(5, Self.rate * 4).map { Float(0.002 * $0) }
        let hum = noise.enumerated().map { $1 + 0.01 * sin(2 * .pi * 60 * Float($0) / Float(Self.rate)) }
        #expect(report(noise).isDead && report(hum).isDead)
        #expect(report(hum).hum?.mains == 60)
        #expect(report(hum).faults == [.dead, .hum])
        #expect(report([Float](repeating: 0, count: 9000)).isDead)
        #expect(report(Self.voice.map { $0 * 1e-4 }).isDead)
        #expect(report([]).isDead && report([0.5]).isDead)
    }

    @Test("hum is found under speech with its overtones, and voices are not taken for it")
    func hum() {
        let humming = Self.voice.enumerated().map { index, x in
            let phase = 2 * Float.pi * 50 * Float(index) / Float(Self.rate)
            return x + 0.01 * sin(phase) + 0.005 * sin(3 * phase + 1)
        }
        let found = report(humming).hum
        #expect(found?.mains == 50)
        #expect(found?.frequencies == [50, 150])
        #expect(abs((found?.level ?? 0) - 10 * log10(0.5e-4 + 0.125e-4)) < 1)
        #expect(report(Self.voice).hum == nil)
    }

    @Test("a telephone's band inside a faster file is named")
    func bandLimit() {
        let wide = 32_000
        let clean = SyntheticVoice.voice(rate: 8000, seconds: 6)
        // Straight lines between the samples; their images are 25 dB weaker and drown in the noise.
        let slow = (0..<clean.count * 4 - 4).map { index -> Float in
            let part = Double(index % 4) / 4
            return Float(clean[index / 4] * (1 - part) + clean[index / 4 + 1] * part)
        }
        let noise = SyntheticVoice.noise(4, slow.count)
        let found = report(zip(slow, noise).map { $0 + Float(0.02 * $1) }, rate: wide)
        #expect((found.bandLimit ?? 0) > 3000 && (found.bandLimit ?? 1e9) <= 8000)
        #expect(found.faults.contains(.bandLimited))
    }

    @Test func offsetAndBadNumbersAreCounted() {
        var samples = Self.voice.map { $0 + 0.02 }
        samples[100] = .nan
        samples[200] = .infinity
        let found = report(samples)
        #expect(found.invalidCount == 2 && abs(found.offset - 0.02) < 1e-3)
        #expect(found.faults.contains(.offset) && found.faults.contains(.invalid))
        #expect(found.peak.isFinite && found.level.isFinite)
    }

    @Test func theReportSurvivesJSON() throws {
        let found = report(Self.voice.map { min(max(3 * $0, -0.4), 0.4) })
        #expect(try JSONDecoder().decode(HealthReport.self, from: JSONEncoder().encode(found)) == found)
    }
}
