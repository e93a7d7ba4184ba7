import HeirloomTensors
import Testing

/// Random numbers as values that are passed.
@Suite struct GeneratorTests {
    private func draw(_ generator: Generator) -> [Float] {
        Tensor.normal([20], using: generator).floats + Tensor.uniform([5], using: generator).floats
    }

    @Test func theSeedDecides() {
        #expect(draw(Generator(seed: 5)) == draw(Generator(seed: 5)))
        #expect(draw(Generator(seed: 5)) != draw(Generator(seed: 6)))
        let one = Generator(seed: 5)
        #expect(draw(one) != draw(one))
        #expect(one.device == .cpu)
    }

    @Test func stateContinuesWhereItWasSaved() {
        let generator = Generator(seed: 5)
        // An odd number of normal numbers leaves one in store, which belongs to the state.
        _ = Tensor.normal([3], using: generator)
        let state = generator.state
        #expect(state.dtype == .uint8 && state.rank == 1)
        let expected = draw(generator)
        let other = Generator(seed: 0)
        other.state = state
        #expect(draw(other) == expected)
        generator.state = state
        #expect(draw(generator) == expected)
    }

    @Test func aStateOfAnotherKindIsRefused() {
        let generator = Generator(seed: 5)
        let before = generator.state
        #expect(throws: TorchError.self) { try recovering { generator.state = Tensor.zeros([3], dtype: .uint8) } }
        #expect(throws: TorchError.self) { try recovering { generator.state = Tensor.zeros([3]) } }
        #expect(generator.state.isEqual(to: before))
    }

    @Test func distributionsHaveTheirRangeAndMoments() {
        let generator = Generator(seed: 9)
        let n = 20_000
        // The mean of n draws strays by σ/√n; five of these are allowed.
        let uniform = Tensor.uniform([n], from: -1, to: 3, using: generator)
        #expect(uniform.min().item() >= -1 && uniform.max().item() < 3)
        #expect(abs(uniform.mean().item() - 1) < 5 * (4 / 12.0.squareRoot()) / Double(n).squareRoot())
        let normal = Tensor.normal([n], mean: 2, standardDeviation: 0.5, using: generator)
        #expect(abs(normal.mean().item() - 2) < 5 * 0.5 / Double(n).squareRoot())
        #expect(abs(normal.standardDeviation().item() - 0.5) < 5 * 0.5 / (2 * Double(n)).squareRoot())
        let flips = Tensor.bernoulli([n], probability: 0.2, using: generator)
        #expect(((flips .== 0) .| (flips .== 1)).all().item() == 1)
        #expect(abs(flips.mean().item() - 0.2) < 5 * 0.4 / Double(n).squareRoot())
        let whole = Tensor.integers([n], from: -1, to: 3, using: generator)
        #expect(whole.dtype == .int64 && whole.min().item() == -1 && whole.max().item() == 2)
        #expect((whole + 1).binCounts().floats.allSatisfy { abs($0 - Float(n) / 4) < Float(n) / 50 })
        let order = Tensor.permutation(50, using: generator)
        #expect(order.dtype == .int64)
        #expect(order.sorted(axis: 0).values.isEqual(to: Tensor.range(to: 50, dtype: .int64)))
    }
}
