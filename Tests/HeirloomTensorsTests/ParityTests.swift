import HeirloomTensors
import TestSupport
import Testing

/// Every operation against what PyTorch answers, forwards and backwards, whole tensors.
@Suite struct ParityTests {
    /// The same kernels on another processor may add in another order: a few roundings of float32 (6e-8 each) over sums
    /// of at most a few hundred terms. A wrong option or a transposed kernel is off by 1e-2 and more.
    private static let tolerance = 2e-5

    @Test(arguments: ParityCase.all) func equalsPyTorch(_ parity: ParityCase) throws {
        let golden = try Golden.shared.get()
        let run = try parity.run(golden)
        let expected = golden.tensors("\(parity.name):out")
        try #require(run.outputs.count == expected.count)
        for (index, pair) in zip(run.outputs, expected).enumerated() {
            expectClose(pair.0, pair.1, absolute: Self.tolerance, relative: Self.tolerance, "output \(index)")
        }
        for (index, gradient) in run.gradients {
            let actual = try #require(gradient, "no gradient of input \(index)")
            let expected = try #require(golden.tensor("\(parity.name):grad\(index)"))
            expectClose(
                actual, expected, absolute: Self.tolerance, relative: Self.tolerance, "gradient of input \(index)")
        }
    }

    @Test func tableAndGoldenFileNameTheSameCases() throws {
        let names = ParityCase.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(try Set(names) == Golden.shared.get().cases)
    }

    @Test func convolutionKeepsChannelsLast() {
        let generator = Generator(seed: 1)
        let x = Tensor.normal([2, 4, 6, 5], using: generator).contiguous(.channelsLast)
        let y = x.conv2d(Tensor.normal([3, 4, 3, 3], using: generator), padding: (1, 1))
        #expect(y.shape == [2, 3, 6, 5])
        #expect(y.isContiguous(.channelsLast) && !y.isContiguous())
    }

    @Test func fourierRoundTrips() {
        let generator = Generator(seed: 2)
        // Two transforms of float32 leave a few roundings of the signal's magnitude.
        let signal = Tensor.normal([2, 48], using: generator)
        expectClose(signal.realFFT().inverseRealFFT(length: 48), signal, absolute: 1e-5, "realFFT")
        let complex = Tensor.normal([3, 10, 2], using: generator)
        expectClose(
            complex.viewedAsComplex().fft(axis: 0).inverseFFT(axis: 0).viewedAsReal(), complex, absolute: 1e-5, "fft")
        for shape in [[1, 5, 6], [2, 4, 7]] {
            let picture = Tensor.normal(shape, using: generator)
            expectClose(
                picture.realFFT2().inverseRealFFT2(height: shape[1], width: shape[2]), picture, absolute: 1e-5,
                "realFFT2 \(shape)")
        }
        let window = 0.5 - 0.5 * (Tensor.range(to: 16) * (2 * Double.pi / 16)).cos()
        let spectrum = signal.stft(16, hop: 4, window: window)
        #expect(spectrum.shape == [2, 9, 13] && spectrum.dtype == .complex64)
        expectClose(spectrum.inverseSTFT(16, hop: 4, window: window, length: 48), signal, absolute: 1e-5, "stft")
    }

    @Test func decompositionsMultiplyBackTogether() {
        let a = Tensor.normal([2, 5, 3], dtype: .float64, using: Generator(seed: 3))
        let (u, s, vh) = a.svd()
        #expect(u.shape == [2, 5, 3] && s.shape == [2, 3] && vh.shape == [2, 3, 3])
        // Float64 leaves about 1e-15 per product.
        expectClose((u * s.unsqueezed(-2)).matmul(vh), a, absolute: 1e-12, "svd")
        let symmetric = a.swappingAxes(-1, -2).matmul(a)
        let (values, vectors) = symmetric.eigenHermitian()
        expectClose(symmetric.matmul(vectors), vectors * values.unsqueezed(-2), absolute: 1e-12, "eigenHermitian")
        let factor = symmetric.cholesky()
        expectClose(factor.matmul(factor.swappingAxes(-1, -2)), symmetric, absolute: 1e-12, "cholesky")
        expectClose(
            symmetric.inverse().matmul(symmetric), Tensor.identity(3, dtype: .float64).expanded([2, 3, 3]),
            absolute: 1e-9, "inverse")
    }
}
