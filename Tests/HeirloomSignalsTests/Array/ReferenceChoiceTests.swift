import Foundation
import HeirloomSignals
import HeirloomTensors
import Testing

@Suite struct ReferenceChoiceTests {
    /// Noise with the tilt of speech, in bursts over quiet noise; then what a telephone leaves of it.
    private func channels() -> Tensor {
        let random = Generator(seed: 6)
        let count = 64000
        let bursts = (Tensor.uniform([1, 32], using: random) .> 0.5).to(dtype: .float32)
            .repeatedElements(2000, axis: 1)
        let frequency = Tensor.linspace(from: 0, to: 8000, count: count / 2 + 1)
        let tilt = (frequency / 500).clamped(to: 1...).raised(to: -1.1)
        func shaped(_ x: Tensor, _ response: Tensor) -> Tensor {
            (x.realFFT() * response).inverseRealFFT(length: count)
        }
        let speech = shaped(Tensor.normal([1, count], using: random), tilt) * bursts
        let noise = Tensor.normal([1, count], using: random) * 1e-3
        let narrow = ((frequency .> 500) .& (frequency .< 3000)).to(dtype: .float32)
        return concatenated([shaped(speech, narrow) * 3 + noise, speech + noise, Tensor.zeros([1, count])], axis: 0)
    }

    @Test func theWholeBandBeatsTheLoudTelephone() {
        let scores = ReferenceChoice.scores(channels())
        #expect(scores[1] < scores[0] - 2 && scores[1] < 4, "\(scores)")
        #expect(scores[2] == .infinity)
    }

    @Test func faultsCost() {
        let x = channels()
        let plain = ReferenceChoice.scores(x)
        let faulty = ReferenceChoice.scores(
            x, faults: [.init(bandLimit: 4000), .init(isClipped: true, hasGaps: true), .init()])
        #expect(abs(faulty[1] - plain[1] - 3) < 1e-9 && abs(faulty[0] - plain[0] - 1) < 1e-9)
    }
}
