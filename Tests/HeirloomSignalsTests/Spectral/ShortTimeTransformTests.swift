import Foundation
import HeirloomSignals
import HeirloomTensors
import TestSupport
import Testing

@Suite struct ShortTimeTransformTests {
    @Test(arguments: [1, 2, 63, 64, 65, 1000, 1023])
    func theInverseReturnsTheSignal(_ samples: Int) {
        for window in [SpectralWindow.hann, .rootHann] {
            for overlap in [2, 4, 8] where window == .rootHann || overlap > 2 {
                let transform = ShortTimeTransform(length: 64, hop: 64 / overlap, window: window)
                let x = Tensor.normal([2, samples], using: Generator(seed: 3))
                let spectra = transform.forward(x)
                #expect(spectra.shape == [2, 33, transform.frameCount(samples: samples)])
                let error = transform.inverse(spectra, length: samples) - x
                let level = 10 * log10(error.squared().mean().item() / x.squared().mean().item())
                // Single precision: a few units in the 24th bit, from the two transforms.
                #expect(level < -125, "\(samples) samples, \(window), overlap \(overlap): \(level) dB")
            }
        }
    }

    @Test func framesLieWhereTheySay() {
        let transform = ShortTimeTransform(length: 64, hop: 16)
        var samples = [Float](repeating: 0, count: 400)
        samples[200] = 1
        let power = transform.forward(Tensor(samples, shape: [1, 400])).abs().squared().sum(axes: [1]).floats
        let loudest = power.indices.max { power[$0] < power[$1] } ?? 0
        #expect(abs(transform.center(ofFrame: loudest) - 200) <= 8)
    }

    @Test func aSineHasItsBinAndHeight() {
        let transform = ShortTimeTransform(sampleRate: 16000, hop: 0.016)
        #expect(transform.length == 1024 && transform.hop == 256 && transform.frequencyCount == 513)
        #expect(ShortTimeTransform(sampleRate: 48000, hop: 0.016).length == 3072)
        let samples = (0..<4096).map { Float(0.5 * sin(2 * .pi * 1000 * Double($0) / 16000)) }
        let magnitude = transform.forward(Tensor(samples, shape: [1, 4096])).abs().selected(axis: 0, index: 0).selected(
            axis: 1, index: 8
        ).floats
        #expect(magnitude.indices.max { magnitude[$0] < magnitude[$1] } == 64)
        #expect(transform.frequency(ofBin: 64, sampleRate: 16000) == 1000)
        #expect(abs(magnitude[64] - 0.5 * 512 / 2) < 0.01)
    }

    @Test func missingSamplesSpoilTheirFrames() {
        let transform = ShortTimeTransform(length: 8, hop: 2)
        var valid = [Float](repeating: 1, count: 40)
        valid[20] = 0
        let frames = transform.validFrames(Tensor(valid, shape: [1, 40])).floats
        #expect(frames.count == transform.frameCount(samples: 40))
        for (frame, value) in frames.enumerated() {
            let start = frame * 2 - 6
            #expect((value == 0) == (start...(start + 7)).contains(20), "frame \(frame)")
        }
    }

    @Test func gradientsFlowBothWays() {
        let transform = ShortTimeTransform(length: 16, hop: 4)
        let x = Tensor.normal([1, 50], using: Generator(seed: 1)).requireGradient()
        let y = transform.inverse(transform.forward(x) * 2, length: 50)
        y.sum().backward()
        expectClose(x.gradient ?? .zeros([1, 50]), .full([1, 50], 2), absolute: 1e-5)
    }
}
