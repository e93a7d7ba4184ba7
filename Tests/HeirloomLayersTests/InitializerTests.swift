import HeirloomLayers
import HeirloomTensors
import TestSupport
import Testing

/// How weights start, and layers that are random.
@Suite struct InitializerTests {
    @Test func kaimingHasItsVariance() {
        // 64·9 inputs, 36,864 samples: the deviation of a sample's deviation is 0.4 %.
        let normal = Initializer.kaimingNormal([64, 64, 3, 3], using: Generator(seed: 4))
        #expect(abs(normal.standardDeviation().item() / (2.0 / 576).squareRoot() - 1) < 0.02)
        #expect(abs(normal.mean().item()) < 0.002)
        let uniform = Initializer.kaimingUniform([64, 64, 3, 3], using: Generator(seed: 4))
        #expect(uniform.abs().max().item() <= 1 / 24.0 && uniform.abs().max().item() > 0.99 / 24)
    }

    @Test func icnrStartsAsNearestNeighbour() {
        let generator = Generator(seed: 5)
        let layer = PixelShuffleUpsample(inputChannels: 3, outputChannels: 5, using: generator)
        let x = Tensor.normal([1, 3, 4, 6], using: generator)
        let y = withoutGradients { layer(x) }
        let nearest = y.sliced(axis: 2, from: 0, by: 2).sliced(axis: 3, from: 0, by: 2)
        expectClose(y, nearest.resized(height: 8, width: 12, mode: .nearest), absolute: 1e-6)
        #expect(y.max().item() > 0.1)
    }

    @Test func sameSeedSameWeights() {
        func made(_ seed: UInt64) -> [Float] {
            Conv2d(inputChannels: 2, outputChannels: 3, kernel: 3, using: Generator(seed: seed)).weight.floats
        }
        #expect(made(1) == made(1) && made(1) != made(2))
        #expect(Conv2d(inputChannels: 2, outputChannels: 3, kernel: 3, using: nil).weight.floats.allSatisfy { $0 == 0 })
    }

    @Test func dropoutKeepsTheMean() {
        let layer = Dropout(0.25, using: Generator(seed: 6))
        let x = Tensor.ones([100, 100])
        #expect(layer(x) === x)
        layer.train()
        let y = layer(x)
        // 10,000 draws: the mean's deviation is 0.6 %.
        #expect(abs(y.mean().item() - 1) < 0.03)
        #expect(Set(y.floats.map { ($0 * 3).rounded() }) == [0, 4])
        let samples = Dropout(0.5, perSample: true, using: Generator(seed: 7))
        samples.train()
        let rows = samples(x).floats
        for row in 0..<100 { #expect(Set(rows[row * 100..<row * 100 + 100]).count == 1) }
    }
}
