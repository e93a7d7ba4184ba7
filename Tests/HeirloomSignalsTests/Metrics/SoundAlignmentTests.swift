import Foundation
import HeirloomTensors
import TestSupport
import Testing

@testable import HeirloomSignals

@Suite struct SoundAlignmentTests {
    private let rate = 8000

    @Test("a shifted, slower, inverted and quieter copy is found and brought back")
    func foundAndUndone() {
        let reference = Tensor(SyntheticVoice.voice(rate: rate, seconds: 6))
        let truth = SoundAlignment(offset: 637.25, rate: 1 + 83e-6)
        // Reading the inverse map makes the copy.
        let inverse = SoundAlignment(offset: -truth.offset / truth.rate, rate: 1 / truth.rate)
        let copy = inverse.aligned(reference, region: 0..<reference.count + 1000) * -0.3
        let region = rate / 2..<reference.count - rate / 2
        let found = SoundAlignment.find(estimate: copy, reference: reference, sampleRate: rate, region: region)
        #expect(abs(found.driftPPM - 83) < 2)
        let middle = Double(region.lowerBound + region.upperBound) / 2
        // A hundredth of a sample: the parabola through three points of a correlation is that good.
        #expect(abs(found.offset + found.rate * middle - truth.offset - truth.rate * middle) < 0.01)
        let back = found.aligned(copy, region: region)
        // Which leaves 1 % of what lies at a third of the rate, and less below.
        #expect(SoundMetrics.siSDR(reference: reference[region], estimate: back) > 25)
    }

    @Test func withoutDriftTheSpeedIsKept() {
        let reference = Tensor(SyntheticVoice.voice(rate: rate, seconds: 4))
        let late = reference.padded([777, 0])
        let found = SoundAlignment.find(
            estimate: late, reference: reference, sampleRate: rate, region: 0..<reference.count, findsDrift: false)
        #expect(found.rate == 1 && abs(found.offset - 777) < 1e-3)
    }

    @Test func noiseAndSilenceAndShortSoundsGiveAnAnswer() {
        let reference = Tensor(SyntheticVoice.voice(rate: rate, seconds: 1))
        for other in [Tensor.zeros([400], dtype: .float64), Tensor(SyntheticVoice.noise(3, 9000)), reference[0..<1]] {
            let found = SoundAlignment.find(
                estimate: other, reference: reference, sampleRate: rate, region: 0..<reference.count)
            #expect(found.offset.isFinite && found.rate.isFinite)
        }
    }
}
