import HeirloomTensors

extension ParityCase {
    static let algebra: [ParityCase] = [
        ParityCase("matmul") { $0[0].matmul($0[1]) },
        ParityCase("matmul of batches") { $0[0].matmul($0[1]) },
        ParityCase("matmul with vector") { $0[0].matmul($0[1]) },
        ParityCase("einsum") { Tensor.einsum("bij,bkj->bik", $0[0], $0[1]) },
        ParityCase("inverse", half: .never) { $0[0].inverse() },
        ParityCase("solve", half: .never) { $0[0].solve($0[1]) },
        ParityCase("cholesky", half: .never) { (x: [Tensor]) -> Tensor in
            (x[0].matmul(x[0].swappingAxes(-1, -2)) + Tensor.identity(3, device: x[0].device)).cholesky()
        },
        ParityCase("eigenHermitian", half: .never) { (x: [Tensor]) -> [Tensor] in
            let (values, vectors) = (x[0] + x[0].swappingAxes(-1, -2)).eigenHermitian()
            // The sign of an eigenvector is the library's choice.
            return [values, vectors.abs()]
        },
        ParityCase("svd", half: .never) { (x: [Tensor]) -> [Tensor] in
            let (u, s, vh) = x[0].svd()
            return [u.abs(), s, vh.abs()]
        },
    ]

    static let fourier: [ParityCase] = [
        ParityCase("fft", half: .never) { $0[0].viewedAsComplex().fft(axis: 1).viewedAsReal() },
        ParityCase("fft of padded", half: .never) { $0[0].viewedAsComplex().fft(length: 7, axis: 0).viewedAsReal() },
        ParityCase("inverseFFT", half: .never) { $0[0].viewedAsComplex().inverseFFT(length: 3).viewedAsReal() },
        ParityCase("realFFT", half: .never) { $0[0].realFFT().viewedAsReal() },
        ParityCase("realFFT of cut", half: .never) { $0[0].realFFT(length: 7).viewedAsReal() },
        ParityCase("inverseRealFFT", half: .never) { $0[0].viewedAsComplex().inverseRealFFT() },
        ParityCase("inverseRealFFT odd", half: .never) { $0[0].viewedAsComplex().inverseRealFFT(length: 9) },
        ParityCase("realFFT2", half: .never) { $0[0].realFFT2().viewedAsReal() },
        ParityCase("inverseRealFFT2", half: .never) { $0[0].viewedAsComplex().inverseRealFFT2(height: 5, width: 7) },
        ParityCase("stft", half: .never) { $0[0].stft(16, hop: 4, window: $0[1]).viewedAsReal() },
        ParityCase("stft not centred", half: .never) {
            $0[0].stft(16, hop: 4, window: $0[1], center: false).viewedAsReal()
        },
        ParityCase("inverseSTFT", half: .never) {
            $0[0].viewedAsComplex().inverseSTFT(16, hop: 4, window: $0[1], length: 37)
        },
    ]
}
