import Foundation
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct SpatialChainTests {
    /// Bursts of noise as speech, and the noise of microphones.
    private func scene(
        channels: Int, seconds: Double, noise: Double, gains: [Double], seed: UInt64 = 1
    ) -> (speech: Tensor, mixed: Tensor) {
        let samples = Int(seconds * 8000)
        let random = Generator(seed: seed)
        let bursts = Tensor.uniform([1, samples / 1000 + 1], using: random) .> 0.5
        let speech =
            Tensor.normal([1, samples], using: random)
            * bursts.to(dtype: .float32).repeatedElements(1000, axis: 1).sliced(axis: 1, from: 0, to: samples)
        let scaled = speech * Tensor(gains.map(Float.init), shape: [channels, 1])
        return (speech.selected(axis: 0, index: 0), scaled + Tensor.normal([channels, samples], using: random) * noise)
    }

    private func plain() -> SpatialOptions {
        var options = SpatialOptions()
        options.dereverberates = false
        options.guardsReference = false
        return options
    }

    /// Above 80 Hz, where the beam begins.
    private func level(_ error: Tensor, _ signal: Tensor) -> Double {
        func power(_ x: Tensor) -> Double {
            SpatialChain.transform(sampleRate: 8000).forward(x.unsqueezed(0)).sliced(axis: 1, from: 8)
                .abs().squared().sum().item()
        }
        return 10 * log10(power(error) / power(signal))
    }

    @Test func identicalChannelsPassUnchanged() {
        let (_, mixed) = scene(channels: 1, seconds: 6, noise: 0.1, gains: [1])
        let x = mixed.expanded([3, mixed.shape[1]])
        let result = SpatialChain(plain()).process(x, sampleRate: 8000, reference: 1)
        #expect(result.beam.shape == [48000])
        let error = level(result.beam - mixed.selected(axis: 0, index: 0), mixed.selected(axis: 0, index: 0))
        #expect(error < -50, "\(error) dB")
    }

    @Test(arguments: SpatialOptions.Beamformer.allCases)
    func speechStaysAndNoiseGoes(_ beamformer: SpatialOptions.Beamformer) {
        let (speech, mixed) = scene(channels: 4, seconds: 8, noise: 0.5, gains: [1, 0.5, 2, 1])
        var options = plain()
        options.beamformer = beamformer
        let result = SpatialChain(options).process(mixed, sampleRate: 8000, reference: 0)
        let before = level(mixed.selected(axis: 0, index: 0) - speech, speech)
        let after = level(result.beam - speech, speech)
        // Four microphones of gains 1, ½, 2, 1 and equal noise: at best 10·log₁₀(6.25) = 8 dB.
        #expect(after < before - 5, "\(before) → \(after) dB")
        expectClose(result.beam + result.removed, mixed.selected(axis: 0, index: 0), absolute: 1e-5)
    }

    @Test func aMissingChannelIsReplacedByTheOthers() {
        let (speech, mixed) = scene(channels: 3, seconds: 10, noise: 0.1, gains: [1, 1, 1])
        let gap = 40000..<46000
        let time = Tensor.range(to: Double(mixed.shape[1]))
        let lost = (time .>= Double(gap.lowerBound)) .& (time .< Double(gap.upperBound))
        let valid = stacked([1 - lost.to(dtype: .float32), Tensor.ones([80000]), Tensor.ones([80000])])
        // What stands in the gap must not matter.
        let spoiled = `where`(valid .> 0.5, mixed, Tensor.full([1], .nan))
        let result = SpatialChain(plain()).process(spoiled, sampleRate: 8000, reference: 0, valid: valid)
        let inside = gap.lowerBound + 500..<gap.upperBound - 500
        func part(_ x: Tensor) -> Tensor { x.sliced(axis: 0, from: inside.lowerBound, to: inside.upperBound) }
        #expect(level(part(result.beam) - part(speech), part(speech)) < -10)
        #expect(level(result.beam - speech, speech) < -15)
    }

    @Test func silenceAndOddInputStayFinite() {
        for x in [Tensor.zeros([2, 3000]), .full([2, 3000], .nan), .normal([2, 1], using: Generator(seed: 1))] {
            let result = SpatialChain().process(x, sampleRate: 8000, reference: 0)
            #expect(result.beam.shape == [x.shape[1]] && result.beam.isFinite().all().item() == 1)
        }
        #expect(SpatialChain().process(.zeros([3, 4000]), sampleRate: 8000, reference: 2).beam.abs().max().item() == 0)
    }

    @Test func oneChannelIsItself() {
        let (_, mixed) = scene(channels: 1, seconds: 2, noise: 0.1, gains: [1])
        let result = SpatialChain(plain()).process(mixed, sampleRate: 8000, reference: 0)
        expectClose(result.beam, mixed.selected(axis: 0, index: 0), absolute: 1e-4)
    }

    @Test func aNetworkMaskIsTaken() {
        let (_, mixed) = scene(channels: 2, seconds: 3, noise: 0.3, gains: [1, 1])
        var options = plain()
        options.masks = .prior
        let result = SpatialChain(options).process(mixed, sampleRate: 8000, reference: 0) { spectra in
            let shape = [spectra.shape[1], spectra.shape[2]]
            return stacked([Tensor.full(shape, 0.25), .full(shape, 0.35)])
        }
        #expect(result.mask.min().item() >= 0.25 && result.mask.max().item() <= 0.35)
    }
}
